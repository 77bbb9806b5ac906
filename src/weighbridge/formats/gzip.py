"""gzip files: one compressed stream that may hold a model or an archive.

Source: RFC 1952.
"""

from weighbridge.formats.codec import GZIP, expand_gzip
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("gzip", expand_gzip, source, budget)


READER = Reader(
    id="gzip",
    title="gzip",
    recognize=lambda _source, _head: True,
    read=_read,
    signatures=(Signature(magic=GZIP),),
    general=True,
)
