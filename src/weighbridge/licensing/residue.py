"""Words around and inside a license that are not its own: whether they could change what it allows.

In: words. Out: whether they are a title, a notice of copyright, plain prose, or something that speaks of terms. When in
doubt they speak of terms: a missed sentence turns a restricted model into a free one.
"""

from collections.abc import Sequence
from enum import StrEnum

from weighbridge.licensing.notice import beyond_first_notices, only_notices, without_last_notices
from weighbridge.licensing.notice_words import OTHER_LICENSES, REVERSING
from weighbridge.licensing.prose import is_english, plays_with_letters
from weighbridge.licensing.term_words import KINDS_OF_USE, NAMING, SOFT, STRONG, TOPICS, WEAK


class Residue(StrEnum):
    """What words that are not the license's own are, best first."""

    NOTICE = "notice"
    """Titles, names, years: no sentence about use."""
    PROSE = "prose"
    """Text that speaks of something else."""
    NAMING = "naming"
    """Says which license this is, and no more."""
    UNCLEAR = "unclear"
    """May take back or narrow what the license says, without a word of terms."""
    UNREADABLE = "unreadable"
    """In letters that are not read here."""
    TERMS = "terms"
    """Speaks of what may or must be done."""


LONGEST_NOTICE = 60
_NEAR = 7
_LONG = 200
"""From so many words on, prose is expected, and weak words count only near a topic."""
_SHORT = 12
"""So few words beside a license are about the license."""
_AROUND = 5
_GRANTS = frozenset({"grant", "granted", "grants"})
_SAID_IN_NOTICES = (
    ("all", "rights", "reserved"),
    ("creative", "commons"),
    ("copyright", "and", "permission", "notice"),
)
"""Phrases of the freest licenses' titles and notices that hold words of terms."""


def classify(words: Sequence[str], names: frozenset[str]) -> Residue:
    """Return what `words` are.

    Args:
        words: a run of words that is not the license's own, in order.
        names: words of the license's own names (`mit`, `apache`, `2`, `0`), which may be said.
    """
    plain = _without_notices(words)
    if any(not word.isascii() and _foreign(word) for word in plain):
        return Residue.UNREADABLE
    if only_notices(plain, names):
        return Residue.NOTICE if SOFT.isdisjoint(plain) else Residue.NAMING
    plain = without_last_notices(plain)
    soft = False
    for index, word in enumerate(plain):
        if word in names:
            continue
        if word in STRONG or (word in WEAK and _counts(plain, index)) or _allows(plain, index):
            return Residue.TERMS
        if word in SOFT:
            near = _around(plain, index)
            if any(other in OTHER_LICENSES and other not in names for other in near):
                return Residue.TERMS
            heading = index >= len(plain) - 2 and len(plain) >= _LONG
            own = any(other in names for other in plain[max(0, index - 3) : index + 3])
            if (
                not heading
                and not own
                and not all(other in NAMING or other in names or other.isdigit() for other in near)
            ):
                return Residue.TERMS
            soft = True
    beyond = beyond_first_notices(plain, names)
    about_another = soft and len(plain) < _LONG and names.isdisjoint(plain)
    if about_another or len(beyond) < _SHORT or (len(plain) < _LONG and not REVERSING.isdisjoint(plain)):
        return Residue.UNCLEAR
    if any(word in _GRANTS and not REVERSING.isdisjoint(_around(plain, index)) for index, word in enumerate(plain)):
        return Residue.UNCLEAR
    if not is_english(plain) or plays_with_letters(plain):
        return Residue.UNREADABLE
    return Residue.NAMING if soft else Residue.PROSE


def _around(words: Sequence[str], index: int) -> Sequence[str]:
    return words[max(0, index - _AROUND) : index + _AROUND + 1]


def is_notice(words: Sequence[str], names: frozenset[str]) -> bool:
    """Tell whether `words` inside a license are only a notice of copyright or a title that somebody put there."""
    if len(words) > LONGEST_NOTICE or classify(words, names) is not Residue.NOTICE:
        return False
    return "copyright" in words or all(word.isdigit() for word in words)


def _without_notices(words: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for phrase in _SAID_IN_NOTICES:
            if word == phrase[-1] and tuple(kept[-len(phrase) :]) == phrase:
                del kept[-len(phrase) :]
    return kept


def _counts(words: Sequence[str], index: int) -> bool:
    """A weak word counts in a short text, and in a long one near something that terms are about."""
    return len(words) < _LONG or not TOPICS.isdisjoint(words[max(0, index - _NEAR) : index + _NEAR + 1])


def _allows(words: Sequence[str], index: int) -> bool:
    """`You may` near something that terms are about, and `for research only` wherever it stands."""
    if words[index] == "may" and index and words[index - 1] == "you":
        return not TOPICS.isdisjoint(words[index : index + _NEAR])
    return words[index] == "only" and not KINDS_OF_USE.isdisjoint(words[max(0, index - 3) : index + 4])


def _foreign(word: str) -> bool:
    """Letters beyond Latin ones: what they say is not known here."""
    return any(ord(letter) > 0x24F for letter in word)
