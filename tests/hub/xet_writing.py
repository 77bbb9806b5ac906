"""Writes xorbs and shards as a client of the Xet protocol does, with chunks of a size that tests choose."""

import struct
from collections.abc import Sequence

import lz4.frame

from weighbridge.hub.xet_hashes import chunk_hash, range_hash, written, xorb_hash

PLAIN, LZ4, GROUPED = 0, 1, 2
TAG = b"HFRepoMetaData\0" + bytes([85, 105, 103, 69, 106, 123, 129, 87, 131, 165, 189, 217, 92, 205, 209, 74, 169])
END = b"\xff" * 32 + bytes(16)


def raw(name: str) -> bytes:
    """Return a hash whose written form this is."""
    return struct.pack("<4Q", *(int(name[at : at + 16], 16) for at in range(0, 64, 16)))


def head(scheme: int, stored: int, size: int, version: int = 0) -> bytes:
    """Return the head of a chunk."""
    return bytes([version]) + stored.to_bytes(3, "little") + bytes([scheme]) + size.to_bytes(3, "little")


def packed(chunk: bytes, scheme: int) -> bytes:
    """Return a chunk with its head."""
    content = chunk
    if scheme == GROUPED:
        content = b"".join(chunk[position::4] for position in range(4))
    stored = chunk if scheme == PLAIN else lz4.frame.compress(content)
    return head(scheme, len(stored), len(chunk)) + stored


class Xorb:
    """Chunks, and how they are sent."""

    def __init__(self, chunks: Sequence[bytes], scheme: int = LZ4) -> None:
        self.chunks = list(chunks)
        self.listed = [(chunk_hash(chunk), len(chunk)) for chunk in chunks]
        self.hash = xorb_hash(self.listed)
        self.name = written(self.hash)
        self.body = b"".join(packed(chunk, scheme) for chunk in chunks)


Part = tuple[Xorb, int, int]


def shard(files: Sequence[tuple[str, Sequence[Part]]], flags: int = 3 << 30) -> bytes:
    """Return a shard: for each file its SHA-256 and its parts (a xorb, first chunk, end)."""
    made = TAG + struct.pack("<QQ", 2, 0)
    for sha256, parts in files:
        made += bytes(32) + struct.pack("<II8x", flags, len(parts))
        for xorb, start, end in parts:
            size = sum(len(chunk) for chunk in xorb.chunks[start:end])
            made += xorb.hash + struct.pack("<IIII", 0, size, start, end)
        for xorb, start, end in parts:
            made += range_hash(b"".join(value for value, _ in xorb.listed[start:end])) + bytes(16)
        made += raw(sha256) + bytes(16)
    return made + END + END
