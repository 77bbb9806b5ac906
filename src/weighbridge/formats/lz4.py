"""LZ4 files: one compressed stream that may hold a model or an archive.

Source: LZ4 Frame Format 1.6.4.
"""

from weighbridge.formats.codec import LZ4, SKIPPABLE, expand_lz4, magic_after_skippable
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("lz4", expand_lz4, source, budget)


READER = Reader(
    id="lz4",
    title="LZ4",
    recognize=lambda source, head: magic_after_skippable(source, head) == LZ4,
    read=_read,
    signatures=tuple(Signature(magic=magic) for magic in (LZ4, *SKIPPABLE)),
    general=True,
)
