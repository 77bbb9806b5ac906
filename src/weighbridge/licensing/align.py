"""How the words of a text lie on the words of one license, in order, with nothing left out.

In: the license as hashes of words with wildcards, the text as hashes of words. Out: what is missing, what is extra, and
what fills the wildcards. Linear but for the search after a difference, which is bounded.
"""

from bisect import bisect_left
from collections import Counter

from weighbridge.licensing.grams import LENGTH
from weighbridge.model.record import record

WILDCARD = 0
"""Stands in a license where a name or a year is filled in."""
LONGEST_WILD = 14
MOST_DIFFERENCES = 24
_REACH = 600
_LAST, _REACH_OF_LAST = 12, 40
_MOST_VOTES = 400
_BUCKET = 64
_STRIDE = 32

Range = tuple[int, int]


@record
class Alignment:
    """Where a license lies in a text."""

    start: int
    end: int
    """Words of the text that belong to the license, half open."""
    matched: int
    """Words of the license found in order."""
    missing: tuple[Range, ...]
    """Words of the license that are not in the text."""
    extra: tuple[tuple[int, int, int], ...]
    """Words of the text between words of the license, and before which word of the license they stand."""
    wild: tuple[Range, ...]
    """Words of the text that fill a wildcard."""
    gave_up: bool = False
    """So many differences that the rest was not compared."""


def align(
    license_words: list[int], license_grams: list[int], text: list[int], positions: dict[int, list[int]]
) -> Alignment | None:
    """Return how the license lies in the text; None if no run of five words of it is there.

    Args:
        license_words: hashes, `WILDCARD` where anything short may stand.
        license_grams: hashes of its runs of five words.
        text: hashes of the words of the text.
        positions: where each run of five words starts in the text, ascending; see `gram_positions`.
    """
    diagonal = _diagonal(license_grams, positions)
    if diagonal is None:
        return None
    i, j = _first(license_grams, positions, diagonal)
    while i and j and license_words[i - 1] == text[j - 1]:
        i, j = i - 1, j - 1
    missing: list[Range] = [(0, i)] if i else []
    extra: list[tuple[int, int, int]] = []
    wild: list[Range] = []
    start, matched, gave_up = j, 0, False
    while i < len(license_words):
        if license_words[i : i + _STRIDE] == text[j : j + _STRIDE]:  # at once: most words of most texts are equal
            stride = min(_STRIDE, len(license_words) - i)
            i, j, matched = i + stride, j + stride, matched + stride
            continue
        expected = license_words[i]
        if expected == WILDCARD:
            filled = _fill(license_words, i + 1, text, j)
            if filled:
                wild.append((j, j + filled))
            i, j = i + 1, j + filled
        elif j < len(text) and text[j] == expected:
            i, j, matched = i + 1, j + 1, matched + 1
        else:
            if len(missing) + len(extra) >= MOST_DIFFERENCES:
                missing.append((i, len(license_words)))
                gave_up = True
                break
            skip, step = _resume(license_words, license_grams, i, text, j, positions)
            if skip:
                missing.append((i, i + skip))
            if step:
                extra.append((j, j + step, i + skip))
            i, j = i + skip, j + step
    return Alignment(
        start=start,
        end=j,
        matched=matched,
        missing=tuple(missing),
        extra=tuple(extra),
        wild=tuple(wild),
        gave_up=gave_up,
    )


def gram_positions(text_grams: list[int]) -> dict[int, list[int]]:
    """Return where each run of five words starts, ascending."""
    positions: dict[int, list[int]] = {}
    for index, gram in enumerate(text_grams):
        positions.setdefault(gram, []).append(index)
    return positions


def _diagonal(license_grams: list[int], positions: dict[int, list[int]]) -> int | None:
    """Return by how many words most of the license is shifted in the text."""
    votes: Counter[int] = Counter()
    few = max(1, len(license_grams) // _MOST_VOTES)
    for start in range(few):  # a part of the runs tells, unless none of them is there
        for i in range(start, len(license_grams), few):
            for j in positions.get(license_grams[i], ())[:4]:
                votes[(j - i) // _BUCKET] += 1
        if votes:
            break
    return max(votes, key=lambda bucket: (votes[bucket], -abs(bucket))) if votes else None


def _first(license_grams: list[int], positions: dict[int, list[int]], diagonal: int) -> Range:
    """Return the first place of license and text that lies near the diagonal, else the nearest one."""
    nearest: tuple[int, int, int] | None = None
    for i, gram in enumerate(license_grams):
        for j in positions.get(gram, ())[:64]:
            distance = abs((j - i) // _BUCKET - diagonal)
            if distance <= 1:
                return i, j
            if nearest is None or distance < nearest[0]:
                nearest = (distance, i, j)
    return (nearest[1], nearest[2]) if nearest else (0, 0)


def _fill(license_words: list[int], i: int, text: list[int], j: int) -> int:
    """Return how many words of the text fill a wildcard, the fewest that let the license go on."""
    following = []
    for word in license_words[i : i + LENGTH]:
        if word == WILDCARD:
            break
        following.append(word)
    if not following:
        return 0
    for length in range(LONGEST_WILD + 1):
        if text[j + length : j + length + len(following)] == following:
            return length
    return 0


def _resume(
    license_words: list[int], license_grams: list[int], i: int, text: list[int], j: int, positions: dict[int, list[int]]
) -> Range:
    """Return how many words of license and text to pass over so that both go on together, the fewest in sum."""
    best: tuple[int, int, int] | None = None
    for skip, places in enumerate(map(positions.get, license_grams[i : i + _REACH])):
        if best is not None and skip >= best[0]:
            break
        if places is None:
            continue
        at = bisect_left(places, j)
        if at < len(places) and (best is None or skip + places[at] - j < best[0]):
            best = (skip + places[at] - j, skip, places[at] - j)
    if best is not None:
        return best[1], best[2]
    left = len(license_words) - i
    for skip in range(max(0, left - LENGTH + 1), min(left, _LAST)):  # the last words, too few for a run of five
        tail = license_words[i + skip :]
        if WILDCARD in tail:
            continue
        for step in range(_REACH_OF_LAST):
            if text[j + step : j + step + len(tail)] == tail:
                return skip, step
    return left, 0
