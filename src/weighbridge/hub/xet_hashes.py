"""Hashes of the Xet protocol: of a chunk, of a xorb (a run of chunks), of a range of chunks; and how they are written.

Source: Xet protocol specification 1.1, "Hashing" and "Converting hashes to strings"; xet-core, `aggregated_hashes.rs`
(which hashes of a level make one of the next).
"""

import struct
from collections.abc import Sequence

from blake3 import blake3

# fmt: off
_CHUNK_KEY = bytes([
    102, 151, 245, 119, 91, 149, 80, 222, 49, 53, 203, 172, 165, 151, 24, 28,
    157, 228, 33, 16, 155, 235, 43, 88, 180, 208, 176, 75, 147, 173, 242, 41,
])
_NODE_KEY = bytes([
    1, 126, 197, 199, 165, 71, 41, 150, 253, 148, 102, 102, 180, 138, 2, 230,
    93, 221, 83, 111, 55, 199, 109, 210, 248, 99, 82, 230, 74, 83, 113, 63,
])
_RANGE_KEY = bytes([
    127, 24, 87, 214, 206, 86, 237, 102, 18, 127, 249, 19, 231, 165, 195, 243,
    164, 205, 38, 213, 181, 219, 73, 230, 65, 36, 152, 127, 40, 251, 148, 195,
])
# fmt: on
_BRANCHES, _WIDEST = 4, 9
SIZE = 32
"""Bytes of a hash."""


def written(value: bytes) -> str:
    """Return a hash as addresses have it: four little-endian numbers, in hexadecimal."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", value))


def chunk_hash(content: bytes) -> bytes:
    """Return the hash of a chunk."""
    return blake3(content, key=_CHUNK_KEY).digest()


def range_hash(hashes: bytes) -> bytes:
    """Return what proves that somebody has the chunks with these hashes, which follow each other."""
    return blake3(hashes, key=_RANGE_KEY).digest()


def xorb_hash(chunks: Sequence[tuple[bytes, int]]) -> bytes:
    """Return the hash of a xorb from its chunks: their hashes and sizes."""
    level = list(chunks)
    if not level:
        return bytes(SIZE)
    while len(level) > 1:
        merged, at = [], 0
        while at < len(level):
            end = _cut(level, at)
            merged.append(_merged(level[at:end]))
            at = end
        level = merged
    return level[0][0]


def _cut(level: list[tuple[bytes, int]], start: int) -> int:
    """Return where a group ends that begins at `start`: two to nine hashes, the last one a multiple of four."""
    if len(level) - start <= 2:
        return len(level)
    end = min(start + _WIDEST, len(level))
    for at in range(start + 2, end):
        if level[at][0][24] % _BRANCHES == 0:  # the lowest byte of its last number
            return at + 1
    return end


def _merged(group: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    text = "".join(f"{written(value)} : {size}\n" for value, size in group)
    return blake3(text.encode(), key=_NODE_KEY).digest(), sum(size for _, size in group)
