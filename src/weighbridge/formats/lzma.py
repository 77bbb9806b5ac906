"""LZMA files of the older kind (`.lzma`), which have no fixed first bytes.

Source: lzma-file-format.txt of XZ Utils; the tests on the header are those of its decoder for unknown files.
"""

from weighbridge.formats.codec import MEMORY_LIMIT, expand_lzma_alone, first_piece
from weighbridge.formats.compressed_start import USUAL_LZMA, could_be_lzma
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _recognize(source: ByteSource, head: bytes) -> bool:
    if not could_be_lzma(head):
        return False
    # A dictionary that is too large to expand is no reason to look away.
    too_large = head[0] == USUAL_LZMA and int.from_bytes(head[1:5], "little") > MEMORY_LIMIT
    return too_large or bool(first_piece(source, expand_lzma_alone, 1))


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("lzma", expand_lzma_alone, source, budget)


READER = Reader(
    id="lzma",
    title="LZMA",
    recognize=_recognize,
    read=_read,
    could_be=could_be_lzma,
    begins=bytes(range(225)),
    general=True,
)
