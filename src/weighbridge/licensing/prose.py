"""Whether a long text beside a license can be read here: plain English in plain letters.

In: words. Out: yes or no. The lists of words about terms are English; what another language or a game with letters says
is not known, and so it must not pass for a text that says nothing. Known miss: a condition in plain English without a
word of terms ("fine-tuned versions stay in your house") hundreds of words away from the license.
"""

from collections.abc import Sequence

_LEAST_ENGLISH = 0.16
_WINDOW = 12
_STEMS = ("commerc", "mercial", "prohib", "forbid", "verbot", "unlicens", "nonprof")
_SPELLED = 5
_FOLDED_DIGITS = str.maketrans("013457", "oieast")

# fmt: off
_ENGLISH = frozenset({
    "a", "about", "all", "also", "an", "and", "are", "as", "at", "be", "between", "both", "but", "by", "can", "do",
    "each", "for", "from", "has", "have", "how", "if", "in", "into", "is", "it", "its", "more", "no", "of", "on",
    "one", "or", "our", "over", "see", "so", "than", "that", "the", "their", "them", "then", "there", "these",
    "this", "to", "two", "up", "use", "was", "we", "well", "were", "what", "when", "which", "with", "you", "your",
})
_FOREIGN = frozenset({
    "apenas", "fins", "nach", "somente", "uso",
    "auf", "aus", "bei", "bedarf", "bez", "bir", "che", "dans", "darf", "das", "degil", "del", "dem", "der", "des",
    "di", "dla", "durch", "een", "ein", "eine", "einer", "es", "est", "et", "fur", "für", "geen", "het", "icin", "için",
    "ist", "jest", "kein", "keine", "las", "les", "los", "nao", "não", "nicht", "nie", "niet", "nur", "oder", "olarak",
    "para", "pas", "por", "pour", "puede", "que", "qui", "sans", "sich", "sie", "sin", "sind", "são", "sont", "uma",
    "una", "une", "und", "van", "voor", "wird", "wordt", "zu", "zum", "zur",
})
_ONLY = frozenset({
    "alleen", "ausschließlich", "exclusivamente", "interdit", "interdite", "kein", "keine", "lediglich", "nicht",
    "niet", "nur", "seulement", "somente", "soltanto", "tylko", "uniquement", "únicamente", "verboten", "yalnızca",
})
# fmt: on


def is_english(words: Sequence[str]) -> bool:
    """Tell whether enough of `words` are the small words of English, and no stretch is of another language.

    One word of another language for `only` or `not` is enough for that.
    """
    if sum(word in _ENGLISH for word in words) < len(words) * _LEAST_ENGLISH:
        return False
    if not _ONLY.isdisjoint(words):
        return False
    foreign = [index for index, word in enumerate(words) if word in _FOREIGN]
    return not any(later - earlier < _WINDOW for earlier, later in zip(foreign, foreign[2:], strict=False))


def plays_with_letters(words: Sequence[str]) -> bool:
    """Tell whether words are spelled letter by letter, run together, or written with digits."""
    single = 0
    for word in words:
        single = single + 1 if len(word) == 1 and not word.isdigit() else 0
        if single >= _SPELLED:
            return True
        if len(word) > 6:
            plain = word.translate(_FOLDED_DIGITS)
            if any(stem in plain for stem in _STEMS):
                return True
    return False
