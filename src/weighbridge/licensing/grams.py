"""Hashes of words and of runs of five words.

In: words. Out: numbers. The words cannot be read back from an index of them without guessing; that is enough, because
the texts are public and only their wording is not ours to ship. The same everywhere: no seed, no platform.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

LENGTH = 5
_FACTOR = 0x9E3779B1
_MASK = 0xFFFFFFFF


@lru_cache(maxsize=1 << 15)
def word_hash(word: str) -> int:
    """Return 32 bits of BLAKE2b of the word, never 0: that stands for a wildcard."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "little") or 1


def word_hashes(words: Iterable[str]) -> list[int]:
    """Return the hash of every word, in order."""
    return [word_hash(word) for word in words]


def grams(hashes: list[int]) -> list[int]:
    """Return a 32-bit hash of every run of five words; the last bits are well mixed, so that they can sample."""
    power = _FACTOR**LENGTH & _MASK
    rolling = 0
    for value in hashes[: LENGTH - 1]:
        rolling = (rolling * _FACTOR + value) & _MASK
    found = []
    for value, left in zip(hashes[LENGTH - 1 :], [0, *hashes], strict=False):
        rolling = (rolling * _FACTOR + value - left * power) & _MASK
        mixed = (rolling ^ rolling >> 15) * 0x85EBCA6B & _MASK
        found.append(mixed ^ mixed >> 13)
    return found
