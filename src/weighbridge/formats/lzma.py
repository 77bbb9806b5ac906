"""LZMA files of the older kind (`.lzma`), which have no fixed first bytes.

Source: lzma-file-format.txt of XZ Utils; the tests on the header are those of its decoder for unknown files.
"""

from weighbridge.formats.codec import MEMORY_LIMIT, expand_lzma_alone, first_piece
from weighbridge.formats.compressed_stream import read_compressed
from weighbridge.formats.reader import Reader, Reading
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

_LARGEST = 1 << 38
_USUAL = 0x5D


def _could_be(head: bytes) -> bool:
    if len(head) < 18 or head[0] >= 225 or head[13] != 0:
        return False
    dictionary = int.from_bytes(head[1:5], "little")
    # One or two neighboring bits set, as every encoder writes it; decoders take any size with the usual first byte.
    lowest = dictionary & -dictionary
    if head[0] != _USUAL and (dictionary < 4096 or dictionary // lowest not in (1, 3)):
        return False
    size = int.from_bytes(head[5:13], "little")
    return size == 0xFFFFFFFFFFFFFFFF or 0 < size < _LARGEST


def _recognize(source: ByteSource, head: bytes) -> bool:
    if not _could_be(head):
        return False
    # A dictionary that is too large to expand is no reason to look away.
    too_large = head[0] == _USUAL and int.from_bytes(head[1:5], "little") > MEMORY_LIMIT
    return too_large or bool(first_piece(source, expand_lzma_alone, 1))


def _read(source: ByteSource, budget: Budget) -> Reading:
    return read_compressed("lzma", expand_lzma_alone, source, budget)


READER = Reader(
    id="lzma",
    title="LZMA",
    recognize=_recognize,
    read=_read,
    could_be=_could_be,
    begins=bytes(range(225)),
    general=True,
)
