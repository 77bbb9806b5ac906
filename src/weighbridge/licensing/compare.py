"""A text beside the licenses it is most like, word by word.

In: hashes and words of a text, the index. Out: for each of the likeliest licenses how its best wording lies in the
text, and which differences count: titles, notices of copyright and filled-in names do not.
"""

from functools import cache

from weighbridge.licensing.align import Alignment, Range, align
from weighbridge.licensing.notice import fills_blank
from weighbridge.licensing.residue import is_notice
from weighbridge.licensing.table import license_entry
from weighbridge.licensing.text_index import TextIndex, Variant
from weighbridge.licensing.words import words
from weighbridge.model.record import record

LEAST_SHARE = 0.12
MOST_LICENSES = 4
MAY_BE_WHOLE = 0.5
"""Runs with wildcards in them, and parts that may be missing, are fewer than the rest of any license."""
FEWEST_WORDS = 60
"""No license is shorter, but for a few that only give things away."""


@record
class Compared:
    """One license beside the text."""

    id: str
    names: frozenset[str]
    """Words of its names."""
    share: float
    """Of its runs of five words, how many are in the text."""
    size: int
    """Words that must be there."""
    alignment: Alignment
    missing: tuple[Range, ...]
    """Words of the license that had to be there."""
    inside: tuple[Range, ...]
    """Words of the text between its words that are more than a notice."""
    around: tuple[Range, ...]
    """Words of the text before, after and in parts that may differ."""

    @property
    def differing(self) -> int:
        """How many words differ."""
        return sum(last - first for first, last in (*self.missing, *self.inside))


def compare(
    known: TextIndex,
    shares: list[tuple[float, int]],
    own: list[str],
    hashes: list[int],
    positions: dict[int, list[int]],
) -> list[Compared]:
    """Return the likeliest licenses beside the text, the fewest differences first.

    Args:
        known: the index.
        shares: share and number of the licenses that the text is like, most first.
        own: words of the text.
        hashes: of those words.
        positions: see `align.gram_positions`.
    """
    found: list[Compared] = []
    for share, number in shares:
        if share < LEAST_SHARE or len(found) >= MOST_LICENSES:
            break
        best = _closest(known, number, share, own, hashes, positions)
        if best is None:
            continue
        found.append(best)
        if not best.differing and sum(last - first for first, last in best.around) < FEWEST_WORDS:
            break  # no room for another license
    return sorted(found, key=lambda item: (item.differing / item.size, -item.size))


def _closest(
    known: TextIndex, number: int, share: float, own: list[str], hashes: list[int], positions: dict[int, list[int]]
) -> Compared | None:
    """Return the best wording of one license beside the text; None if none of it is there."""
    entry = known.licenses[number]
    names = names_of(entry.id)
    best: Compared | None = None
    # Of a license that is mostly not there no wording is whole; one of them says how much differs.
    for variant in map(known.variant, entry.variants if share >= MAY_BE_WHOLE else entry.variants[:1]):
        alignment = align(variant.words, variant.grams, hashes, positions)
        if alignment is None:
            continue
        item = _compared(entry.id, names, share, variant, alignment, own)
        if best is None or (item.differing, -item.size) < (best.differing, -best.size):
            best = item
        if not best.differing:
            break
    return best


@cache
def names_of(license_id: str) -> frozenset[str]:
    """Return the words that the license's names are made of."""
    entry = license_entry(license_id)
    texts = [license_id.replace("-", " ").replace(".", " ")]
    if entry is not None:
        texts += [entry.name, *entry.aliases, entry.spdx or ""]
    named = {word for text in texts for word in words(text.replace("-", " ").replace(".", " "))}
    return frozenset(named - {"license", "licensed", "agreement", "policy", "use", "research", "terms"})


def _compared(
    license_id: str, names: frozenset[str], share: float, variant: Variant, alignment: Alignment, own: list[str]
) -> Compared:
    missing = tuple(part for whole in alignment.missing for part in _required(whole, variant.optional))
    inside, around = [], [(0, alignment.start), (alignment.end, len(own))]
    for first, last, before in alignment.extra:
        if any(start <= before <= end for start, end in variant.optional):
            around.append((first, last))
        elif not is_notice(own[first:last], names):
            inside.append((first, last))
    inside += [fill for fill in alignment.wild if not fills_blank(own[fill[0] : fill[1]])]
    return Compared(
        id=license_id,
        names=names,
        share=share,
        size=len(variant.words) - sum(end - start for start, end in variant.optional),
        alignment=alignment,
        missing=missing,
        inside=tuple(inside),
        around=tuple(part for part in around if part[1] > part[0]),
    )


def _required(part: Range, optional: tuple[Range, ...]) -> list[Range]:
    """Return what of `part` lies outside of `optional`, which is in order."""
    start, end = part
    required = []
    for first, last in optional:
        if start < first:
            required.append((start, min(end, first)))
        start = max(start, last)
    if start < end:
        required.append((start, end))
    return [piece for piece in required if piece[1] > piece[0]]
