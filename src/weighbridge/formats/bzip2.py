"""bzip2 files: one compressed stream that may hold a model or an archive.

Source: the bzip2 reference library.
"""

from weighbridge.formats.codec import BZIP2, expand_bzip2
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
"""First block, or the end mark of an empty stream, after the one digit of the block size."""


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("bzip2", expand_bzip2, source, budget)


READER = Reader(
    id="bzip2",
    title="bzip2",
    recognize=lambda _source, head: head[4:10] in _BLOCKS,
    read=_read,
    signatures=(Signature(magic=BZIP2),),
    general=True,
)
