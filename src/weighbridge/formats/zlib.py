"""Bare zlib streams. Two bytes are all they begin with, so the first block must expand too.

Source: RFC 1950 section 2.2.
"""

from weighbridge.formats.codec import expand_zlib, first_piece
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

BEGINNINGS = bytes(first for first in range(256) if first & 0x8F == 0x08)
"""First bytes of a header: method 8, window at most 32 KiB."""


def _could_be(head: bytes) -> bool:
    return len(head) > 8 and head[0] & 0x8F == 0x08 and (head[0] << 8 | head[1]) % 31 == 0 and not head[1] & 0x20


def _recognize(source: ByteSource, head: bytes) -> bool:
    return _could_be(head) and bool(first_piece(source, expand_zlib, 1))


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("zlib", expand_zlib, source, budget)


READER = Reader(
    id="zlib",
    title="zlib",
    recognize=_recognize,
    read=_read,
    could_be=_could_be,
    begins=BEGINNINGS,
    general=True,
)
