"""Compressed pickles as joblib writes them: zlib, gzip, bz2, xz, lzma, lz4, and its first own format.

Sources: joblib `numpy_pickle.py`, `compressor.py`, `numpy_pickle_compat.py` (`read_zfile`: `ZF`, the length in hex in
19 characters, one more space in old files, then a zlib stream).
"""

from weighbridge.formats.codec import BZIP2, GZIP, LZ4, XZ, ZSTD, codec_of, expand_lzma_alone, expand_zlib, first_piece
from weighbridge.formats.compressed_start import ZLIB_BEGINNINGS, could_be_zlib
from weighbridge.formats.compressed_stream import inner_name
from weighbridge.formats.pickle_scout import is_pickle
from weighbridge.formats.pickle_start import could_begin
from weighbridge.formats.reader import Child, Reader, Reading, Role
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, BytesSource, SliceSource
from weighbridge.model.stream_marks import Codec
from weighbridge.model.stream_source import StreamSource

_OLD_MAGIC = b"ZF"
_LZMA_ALONE = b"\x5d\x00"
_OLD_HEADER = 21
_PROBED = 16 << 10


_BEGINNINGS = bytes(magic[0] for magic in (_OLD_MAGIC, GZIP, BZIP2, XZ, LZ4, ZSTD, _LZMA_ALONE)) + ZLIB_BEGINNINGS


def _packing(head: bytes) -> tuple[int, Codec] | None:
    """Return where compressed bytes begin and how they expand, or None."""
    if head.startswith(_OLD_MAGIC + b"0x"):
        return _OLD_HEADER + (head[_OLD_HEADER : _OLD_HEADER + 1] == b" "), expand_zlib
    known = codec_of(head)
    if known is not None:
        return 0, known[1]
    if could_be_zlib(head):
        return 0, expand_zlib
    if head.startswith(_LZMA_ALONE) and len(head) > 13:
        return 0, expand_lzma_alone
    return None


def could_be(head: bytes) -> bool:
    """Tell whether `head` begins like compressed data."""
    return _packing(head) is not None


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a pickle comes out when the beginning is expanded."""
    packing = _packing(head)
    if packing is None:
        return False
    start, codec = packing
    parent = SliceSource(source, start, source.size - start) if start else source
    piece = first_piece(parent, codec, _PROBED)
    return could_begin(piece[:4096]) and is_pickle(BytesSource(piece), piece[:4096])


def read(source: ByteSource, budget: Budget) -> Reading:
    """Hand on the expanded content as the pickle that joblib takes it for."""
    packing = _packing(source.read(0, 64))
    if packing is None:
        return Reading(format="joblib", holds_model=False)
    start, codec = packing
    content = StreamSource(source, codec, budget, offset=start, name=inner_name(source.name))
    member = inner_name(source.name).decode("utf-8", "backslashreplace")
    child = Child(member=member, source=content, role=Role.PART, expect="pickle")
    return Reading(format="joblib", holds_model=True, children=(child,))


READER = Reader(
    id="joblib",
    title="joblib",
    recognize=recognize,
    read=read,
    could_be=could_be,
    begins=_BEGINNINGS,
)
