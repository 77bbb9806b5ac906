"""Zstandard frames, block by block, so that no piece is longer than one block.

The library's own streaming call expands everything it is fed: 4 KiB of run-length blocks become 128 MiB at once. The
frame is therefore cut into its blocks here (RFC 8878 section 3.1.1: at most 128 KiB each), and each is fed alone.
This also tells an early end from a complete one, which the library does not.
"""

from collections.abc import Iterator

from weighbridge.model.source import SourceError
from weighbridge.model.stream_marks import Pull

WINDOW_LIMIT = 128 << 20
"""Largest window that is accepted; the command line tool's own limit."""

_MAGIC = b"\x28\xb5\x2f\xfd"
_DICTIONARY_ID_BYTES = (0, 1, 2, 4)
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)


def expand_zstd(pull: Pull) -> Iterator[bytes]:
    """Expand concatenated Zstandard frames; skippable frames are passed over."""
    first = True
    while True:
        magic = pull(4)
        if not magic or (not first and not magic.strip(b"\x00") and not _anything_left(pull)):
            return
        if len(magic) == 4 and magic[1:] == b"\x2a\x4d\x18" and magic[0] & 0xF0 == 0x50:
            _skip(pull, int.from_bytes(_exactly(pull, 4), "little"))
        elif magic == _MAGIC:
            yield from _frame(pull)
        else:
            raise SourceError("no zstd frame at the start" if first else "data after the end of the zstd stream")
        first = False


def _frame(pull: Pull) -> Iterator[bytes]:
    import zstandard  # loads only when there is a frame

    descriptor = _exactly(pull, 1)
    flags = descriptor[0]
    single_segment = bool(flags & 0x20)
    content_size_bytes = _CONTENT_SIZE_BYTES[flags >> 6] or (1 if single_segment else 0)
    rest = _exactly(pull, (0 if single_segment else 1) + _DICTIONARY_ID_BYTES[flags & 3] + content_size_bytes)
    decoder = zstandard.ZstdDecompressor(max_window_size=WINDOW_LIMIT).decompressobj()
    try:
        piece = decoder.decompress(_MAGIC + descriptor + rest)
        last = False
        while not last:
            header = _exactly(pull, 3)
            fields = int.from_bytes(header, "little")
            last = bool(fields & 1)
            kind = fields >> 1 & 3
            body = _exactly(pull, 1 if kind == 1 else fields >> 3)
            if piece := piece + decoder.decompress(header + body):
                yield piece
            piece = b""
        if flags & 4 and (piece := decoder.decompress(_exactly(pull, 4))):
            yield piece
    except (zstandard.ZstdError, MemoryError) as error:
        raise SourceError(f"damaged zstd data: {error}") from None


def _exactly(pull: Pull, amount: int) -> bytes:
    block = bytearray()
    while len(block) < amount:
        more = pull(amount - len(block))
        if not more:
            raise SourceError("zstd data ends early")
        block += more
    return bytes(block)


def _skip(pull: Pull, amount: int) -> None:
    while amount:
        block = pull(min(amount, 1 << 20))
        if not block:
            raise SourceError("zstd data ends early")
        amount -= len(block)


def _anything_left(pull: Pull) -> bool:
    while block := pull(1 << 16):
        if block.strip(b"\x00"):
            return True
    return False
