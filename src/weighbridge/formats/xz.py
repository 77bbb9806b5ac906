"""xz files: one compressed stream that may hold a model or an archive.

Source: The .xz File Format 1.2.1.
"""

from weighbridge.formats.codec import XZ, expand_xz
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("xz", expand_xz, source, budget)


READER = Reader(
    id="xz",
    title="xz",
    recognize=lambda _source, _head: True,
    read=_read,
    signatures=(Signature(magic=XZ),),
    general=True,
)
