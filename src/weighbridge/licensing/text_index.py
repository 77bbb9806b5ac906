"""The index of license texts: hashes only, made by `tools/license_index.py`.

In: nothing. Out: which licenses share runs of five words with a text, and the words of a license in order as hashes.
Facts on the licenses come from the database that NOTICE beside the index names.
"""

import json
import sys
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cache
from importlib.resources import files
from struct import unpack_from

from weighbridge.licensing.align import Range
from weighbridge.licensing.grams import grams
from weighbridge.model.record import record

FINE = 2
"""Of the runs of a short license every other hash is kept; of a long one every sixteenth."""
COARSE = 16
FEW_WORDS = 700
_NEAR = 512


@record
class IndexedLicense:
    """One license of the index."""

    id: str
    """Table id where the license table has it, else the SPDX id in lower case, else the database's key."""
    grams: int
    """How many of its runs are in the index."""
    step: int
    """`FINE` or `COARSE`."""
    variants: tuple[int, ...]
    """Numbers of its texts; empty if only runs are known of it."""


@record
class Variant:
    """One accepted wording of a license."""

    words: list[int]
    grams: list[int]
    """Of `words`, in order; those with wildcards in them are in no text."""
    optional: tuple[Range, ...]
    """Words that may be missing: titles, notices, how-to-apply appendices."""


class TextIndex:
    """The loaded index."""

    def __init__(self, content: bytes) -> None:
        """Take the bytes of `index.bin`, as `tools/license_index.py` writes them."""
        head_length, self._grams_length, self._words_length = unpack_from("<III", content)
        head = json.loads(zlib.decompress(content[12 : 12 + head_length]))
        self.licenses = tuple(
            IndexedLicense(id=row[0], grams=row[1], step=row[2], variants=tuple(row[3])) for row in head["licenses"]
        )
        self._variants = head["variants"]
        at = 12 + head_length
        postings = zlib.decompress(content[at : at + self._grams_length])
        half = len(postings) // 6 * 4
        self._grams = _numbers("I", postings[:half])
        self._owners = _numbers("H", postings[half:])
        self._words_at = at + self._grams_length
        self._content = content
        self._words: array[int] | None = None
        self._read: dict[int, Variant] = {}

    def shared(self, text_grams: set[int]) -> Counter[int]:
        """Return for each license, by number, how many of its indexed runs are in the text."""
        table, owners = self._grams, self._owners
        size, most = len(table), len(self.licenses)
        shared = array("H")
        at = 0
        # In ascending order the next run lies near: far fewer steps than a search of the whole table.
        for gram in sorted([gram for gram in text_grams if not gram % FINE]):
            near = at + _NEAR
            at = bisect_left(table, gram, at, near if near < size and table[near] >= gram else size)
            if at == size:
                break
            if table[at] == gram:
                after = bisect_right(table, gram, at, min(at + most, size))
                shared += owners[at:after]
                at = after
        return Counter(shared)

    def variant(self, number: int) -> Variant:
        """Return one wording."""
        if number in self._read:
            return self._read[number]
        start, length, optional = self._variants[number]
        if self._words is None:
            packed = self._content[self._words_at : self._words_at + self._words_length]
            self._words = _numbers("I", zlib.decompress(packed))
        words = self._words[start : start + length].tolist()
        found = self._read[number] = Variant(
            words=words, grams=grams(words), optional=tuple((first, last) for first, last in optional)
        )
        return found


@cache
def index() -> TextIndex:
    """Return the packaged index, read once."""
    return TextIndex((files("weighbridge.licensing") / "texts" / "index.bin").read_bytes())


def _numbers(kind: str, content: bytes) -> "array[int]":
    numbers = array(kind)
    numbers.frombytes(content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
