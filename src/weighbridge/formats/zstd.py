"""Zstandard files: one compressed stream that may hold a model or an archive.

Source: RFC 8878.
"""

from weighbridge.formats.codec import SKIPPABLE, ZSTD, magic_after_skippable
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("zstd", expand_zstd, source, budget)


READER = Reader(
    id="zstd",
    title="Zstandard",
    recognize=lambda source, head: magic_after_skippable(source, head) == ZSTD,
    read=_read,
    signatures=tuple(Signature(magic=magic) for magic in (ZSTD, *SKIPPABLE)),
    general=True,
)
