"""Bare zlib streams. Two bytes are all they begin with, so the first block must expand too.

Source: RFC 1950 section 2.2.
"""

from weighbridge.formats.codec import expand_zlib, first_piece
from weighbridge.formats.compressed_start import ZLIB_BEGINNINGS, could_be_zlib
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _recognize(source: ByteSource, head: bytes) -> bool:
    return could_be_zlib(head) and bool(first_piece(source, expand_zlib, 1))


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("zlib", expand_zlib, source, budget)


READER = Reader(
    id="zlib",
    title="zlib",
    recognize=_recognize,
    read=_read,
    could_be=could_be_zlib,
    begins=ZLIB_BEGINNINGS,
    general=True,
)
