"""Reads a shard: which chunks of which xorbs make which files, and the SHA-256 of each file.

What it says of xorbs is passed over: they were read themselves. Source: Xet protocol specification 1.1, "MDB Shard File
Format".
"""

import struct

from weighbridge.hub.xet_hashes import written
from weighbridge.hub.xet_xorb import wrong
from weighbridge.model.record import record

LARGEST = 72 << 20
"""Bytes: clients send up to 64 MiB."""
MOST_TERMS = 400_000
_TAG = b"HFRepoMetaData\0" + bytes([85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169])
_VERSION = 2
_ENTRY = 48
_END = b"\xff" * 32
_VERIFIED, _DESCRIBED = 1 << 31, 1 << 30


@record
class Term:
    """Chunks of one xorb that follow each other: from `start` to before `end`."""

    xorb: str
    start: int
    end: int
    size: int
    """Bytes."""
    proof: bytes
    """Hash of the hashes of its chunks."""


@record
class Recipe:
    """One file: its terms, one after the other."""

    sha256: str
    terms: tuple[Term, ...]

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return sum(term.size for term in self.terms)


def recipes(content: bytes) -> list[Recipe]:
    """Return the files of a shard. Raises WeighbridgeError `E-hub-xorb`."""
    if content[:32] != _TAG or len(content) < 96 or struct.unpack_from("<Q", content, 32)[0] != _VERSION:
        raise wrong("its list of files is none")
    found: list[Recipe] = []
    at, terms = _ENTRY, 0
    while (head := _entry(content, at))[:32] != _END:
        flags, count = struct.unpack_from("<II", head, 32)
        terms += count
        if terms > MOST_TERMS or not flags & _VERIFIED or not flags & _DESCRIBED or not count:
            raise wrong("a file in it is without parts, proofs or SHA-256, or has too many parts")
        end = at + _ENTRY * (2 * count + 2)
        if end > len(content):
            raise wrong("its list of files breaks off")
        listed = tuple(_term(content, at + _ENTRY * (1 + number), _ENTRY * count) for number in range(count))
        found.append(Recipe(sha256=written(content[end - _ENTRY : end - 16]), terms=listed))
        at = end
    return found


def _term(content: bytes, at: int, to_proof: int) -> Term:
    _, size, start, end = struct.unpack_from("<IIII", content, at + 32)
    if not start < end:
        raise wrong("a part of a file is empty")
    proof = content[at + to_proof : at + to_proof + 32]
    return Term(xorb=written(content[at : at + 32]), start=start, end=end, size=size, proof=proof)


def _entry(content: bytes, at: int) -> bytes:
    entry = content[at : at + _ENTRY]
    if len(entry) < _ENTRY:
        raise wrong("its list of files breaks off")
    return entry
