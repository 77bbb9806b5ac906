"""Which license a text is, word for word.

In: a text. Out: the license and how exactly the text is that license. A text counts as a license only when every word
of the license stands in it, in order, and what else stands there speaks of no terms. Anything else fails closed:
altered, partial, ambiguous. Method: runs of five words find the candidates (as in Broder, "On the resemblance and
containment of documents", 1997); an in-order comparison decides.
"""

import hashlib
from collections import Counter
from functools import partial

from weighbridge.licensing.align import gram_positions
from weighbridge.licensing.compare import Compared, compare, names_of
from weighbridge.licensing.copyright_line import MARK, unmarked
from weighbridge.licensing.grams import grams, word_hashes
from weighbridge.licensing.notice import only_notices
from weighbridge.licensing.residue import Residue, classify
from weighbridge.licensing.short_notice import named_in
from weighbridge.licensing.standard_notice import standard_notice
from weighbridge.licensing.text_index import TextIndex, index
from weighbridge.licensing.words import too_long, words
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness

_SHARE_TO_LIST = 0.08
_SHARE_TO_NAME = 0.5
_AS_LIKELY = 0.95
_CLEARLY = 1.5
_PART_OF = 0.85
_MARGIN = 0.1
_MOST_CANDIDATES = 5
_NOTICE_WORDS = 60
_DETAIL = 200
_ORDER = tuple(Residue)


def identify(text: LicenseText) -> IdentifiedText:
    """Return what `text` is.

    The work grows with the length of the text, which is cut at `words.LONGEST` characters; a text that was cut is never
    exact. Raises nothing for any text.
    """
    own = words(text.text, names=True)
    hashes = word_hashes(unmarked(own))
    runs = grams(hashes)
    known = index()
    shares = _shares(known, known.shared(set(runs)))
    answer = partial(
        IdentifiedText,
        source=text.source,
        sha256=hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest(),
    )
    likely = tuple(dict.fromkeys(known.licenses[number].id for _, number in shares[:_MOST_CANDIDATES]))
    compared = compare(known, shares, own, hashes, gram_positions(runs))
    whole = [item for item in compared if not item.differing]
    likeness, found, detail = _whole(whole, own) if whole else _not_whole(compared, shares, known, own)
    applied = None if whole or likeness is TextLikeness.PARTIAL else _applied(own)
    if applied is not None:
        likeness, found, detail = TextLikeness.CONTAINED, applied, "the notice by which the license is applied"
    if whole and too_long(text.text):
        likeness, detail = TextLikeness.AMBIGUOUS, "the text goes on for longer than any license"
    named = () if found or shares else named_in(own)
    if named:
        detail = f"names {', '.join(named)} and holds no license text"
    share = next((item.share for item in compared if item.id == found), 0.0)
    return answer(
        likeness=likeness,
        license=found,
        candidates=tuple(dict.fromkeys(other for other in (*named, *likely) if other != found)),
        coverage=round(share, 3),
        detail=detail[:_DETAIL],
    )


def _shares(known: TextIndex, shared: Counter[int]) -> list[tuple[float, int]]:
    """Return how much of each license is in the text, the most first; of equals the longer license."""
    found = []
    for number, count in shared.items():
        entry = known.licenses[number]
        if count >= _SHARE_TO_LIST * entry.grams:
            found.append((-count / entry.grams, -entry.grams * entry.step, number))
    return [(-share, number) for share, _, number in sorted(found)]


def _whole(whole: list[Compared], own: list[str]) -> tuple[TextLikeness, str | None, str]:
    """Judge a text that holds all words of a license by what else it holds."""
    best = max(whole, key=lambda item: item.size)
    others = [item.id for item in whole if item.id != best.id and not _inside(item, best)]
    if others:
        return TextLikeness.AMBIGUOUS, best.id, f"several licenses: {', '.join(sorted({best.id, *others}))}"
    kinds = [(classify(own[first:last], best.names), first, last) for first, last in best.around]
    kind, first, last = max(kinds, key=lambda item: _ORDER.index(item[0]), default=(Residue.NOTICE, 0, 0))
    if kind is Residue.TERMS:
        return TextLikeness.ALTERED, best.id, f"more text about terms: {_quote(own, first, last)}"
    if kind is Residue.UNCLEAR:
        return TextLikeness.AMBIGUOUS, best.id, f"more text that may change it: {_quote(own, first, last)}"
    if kind is Residue.UNREADABLE:
        return (
            TextLikeness.AMBIGUOUS,
            best.id,
            f"more text in letters that are not read here: {_quote(own, first, last)}",
        )
    surrounding = sum(last - first for first, last in best.around)
    return (TextLikeness.EXACT if surrounding <= _NOTICE_WORDS else TextLikeness.CONTAINED), best.id, ""


def _applied(own: list[str]) -> str | None:
    """Return the license whose own notice is all that the text says."""
    found = standard_notice(own)
    if found is None:
        return None
    around = (own[: found.start], own[found.end :])
    return found.license if all(only_notices(part, names_of(found.license)) for part in around) else None


def _inside(item: Compared, best: Compared) -> bool:
    """Tell whether one license's words are words of the other's: the short ones stand in the long ones."""
    return best.alignment.start <= item.alignment.start and item.alignment.end <= best.alignment.end


def _not_whole(
    compared: list[Compared], shares: list[tuple[float, int]], known: TextIndex, own: list[str]
) -> tuple[TextLikeness, str | None, str]:
    """Judge a text that holds no license whole."""
    best = compared[0] if compared else None
    if shares and shares[0][0] >= _PART_OF and not known.licenses[shares[0][1]].variants:
        name = known.licenses[shares[0][1]].id
        if best is None or best.share < shares[0][0] - _MARGIN:
            return TextLikeness.UNIDENTIFIED, None, f"most like {name}, whose whole text is not compared here"
    if best is None:
        return TextLikeness.UNIDENTIFIED, None, "like no license known here"
    rival = next((item for item in compared[1:] if item.id != best.id and item.share >= best.share * _AS_LIKELY), None)
    if _is_part(best):
        if rival is not None and _is_part(rival):
            return TextLikeness.AMBIGUOUS, best.id, f"a part of {best.id} and of {rival.id} alike"
        return TextLikeness.PARTIAL, best.id, f"{_missing(best)} of {best.size} words are missing"
    next_share = max((item.share for item in compared if item.id != best.id), default=0.0)
    if best.share < _SHARE_TO_NAME and best.share < next_share * _CLEARLY:
        return TextLikeness.UNIDENTIFIED, None, f"somewhat like {best.id}"
    if rival is not None and rival.differing <= best.differing * 1.1:
        return TextLikeness.AMBIGUOUS, best.id, f"as like {best.id} as {rival.id}: {_differences(best, own)}"
    return TextLikeness.ALTERED, best.id, _differences(best, own)


def _is_part(item: Compared) -> bool:
    """Only a beginning or an end is missing, and nothing was put in."""
    return not item.inside and not item.alignment.gave_up and len(item.missing) <= 2 and _missing(item) * 8 > item.size


def _missing(item: Compared) -> int:
    return sum(last - first for first, last in item.missing)


def _differences(item: Compared, own: list[str]) -> str:
    """Say what differs: the added words, and after which words others are missing."""
    said = [f"added: {_quote(own, first, last)}" for first, last in item.inside[:3]]
    missing = _missing(item)
    if missing:
        said.append(f"{missing} of {item.size} words missing or changed")
    return "; ".join(said)


def _quote(own: list[str], first: int, last: int) -> str:
    text = " ".join(own[first : min(last, first + 24)]).replace(MARK, "")
    return f"`{text} ...`" if last - first > 24 else f"`{text}`"
