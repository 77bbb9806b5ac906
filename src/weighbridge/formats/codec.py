"""Decompression codecs for `StreamSource`: compressed bytes in, expanded pieces out, nothing kept.

Every codec takes several concatenated streams, as the loaders and command line tools of its format do, expands in
pieces of at most about 256 KiB however well the data packs, and refuses windows that need more than
`MEMORY_LIMIT` bytes. A defect, an early end and data after the last stream raise `SourceError` with the reason.

Sources: RFC 1950, 1951, 1952 (zlib, deflate, gzip), the .xz file format 1.2.1, LZ4 frame format 1.6.4,
RFC 8878 (Zstandard), bzip2 by its reference library.
"""

import bz2
import lzma
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from weighbridge.formats.inflate import GIVE, TAKE, Inflating, without_padding
from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, SourceError
from weighbridge.model.stream_marks import Codec, Pull
from weighbridge.model.stream_source import StreamSource

_FIRST_TAKE = 1 << 10

MEMORY_LIMIT = 80 << 20
"""Most memory that a decoder may ask for: enough for `xz -9`."""

GZIP = b"\x1f\x8b\x08"
BZIP2 = b"BZh"
XZ = b"\xfd7zXZ\x00"
LZ4 = b"\x04\x22\x4d\x18"
ZSTD = b"\x28\xb5\x2f\xfd"
LZIP = b"LZIP"


class _Decoder(Protocol):
    """What `bz2`, `lzma` and `lz4.frame` decoders have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def _expand_streams(
    pull: Pull, start: Callable[[], _Decoder], what: str, is_next: Callable[[bytes], bool]
) -> Iterator[bytes]:
    decoder = start()
    block = pull(TAKE)
    while True:
        try:
            piece = decoder.decompress(block, GIVE)
        except (OSError, EOFError, ValueError, RuntimeError, MemoryError, lzma.LZMAError) as error:
            raise SourceError(f"damaged {what} data: {error}") from None
        block = b""
        if piece:
            yield piece
        if decoder.eof:
            rest = decoder.unused_data or b""
            rest = rest if len(rest) >= 6 else rest + pull(TAKE)
            rest = without_padding(rest, pull)
            if not rest:
                return
            if not is_next(rest):
                raise SourceError(f"data after the end of the {what} stream")
            decoder = start()
            block = rest
        elif decoder.needs_input:
            block = pull(TAKE)
            if not block:
                raise SourceError(f"{what} data ends early")


def expand_deflate(pull: Pull) -> Iterator[bytes]:
    """Expand raw deflate (ZIP method 8)."""
    return Inflating(pull, -15, "deflate", None)


def expand_zlib(pull: Pull) -> Iterator[bytes]:
    """Expand one zlib stream."""
    return Inflating(pull, 15, "zlib", None)


def expand_gzip(pull: Pull) -> Iterator[bytes]:
    """Expand gzip members."""
    return Inflating(pull, 31, "gzip", lambda rest: rest.startswith(GZIP))


def expand_bzip2(pull: Pull) -> Iterator[bytes]:
    """Expand bzip2 streams."""
    return _expand_streams(pull, bz2.BZ2Decompressor, "bzip2", lambda rest: rest.startswith(BZIP2))


def expand_xz(pull: Pull) -> Iterator[bytes]:
    """Expand xz streams."""
    return _expand_streams(
        pull,
        lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MEMORY_LIMIT),
        "xz",
        lambda rest: rest.startswith(XZ),
    )


def expand_lzma_alone(pull: Pull) -> Iterator[bytes]:
    """Expand the older .lzma format, which has one stream."""
    return _expand_streams(
        pull, lambda: lzma.LZMADecompressor(lzma.FORMAT_ALONE, memlimit=MEMORY_LIMIT), "lzma", lambda _rest: False
    )


def expand_lz4(pull: Pull) -> Iterator[bytes]:
    """Expand LZ4 frames; skippable frames are passed over."""
    import lz4.frame  # type: ignore[import-untyped]  # the package has no stubs; loads only when there is a frame

    return _expand_streams(
        pull,
        lz4.frame.LZ4FrameDecompressor,
        "lz4",
        lambda rest: rest.startswith(LZ4) or (rest[1:4] == b"\x2a\x4d\x18" and rest[0] & 0xF0 == 0x50),
    )


def raw_lzma(filters: list[dict[str, Any]], what: str = "lzma", ends_by_size: int | None = None) -> Codec:
    """Return a codec for a raw LZMA filter chain (7z, ZIP method 14).

    Args:
        filters: as in `lzma.LZMADecompressor`.
        what: name for messages.
        ends_by_size: expanded size after which the data is complete although no end marker stands there.
    """

    def expand(pull: Pull) -> Iterator[bytes]:
        for filter_ in filters:
            if filter_.get("dict_size", 0) > MEMORY_LIMIT:
                raise SourceError(f"{what} data needs {filter_['dict_size']} bytes of memory")
        try:
            decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        except (lzma.LZMAError, ValueError, MemoryError) as error:
            raise SourceError(f"{what} parameters are not valid: {error}") from None
        given = 0
        block = pull(TAKE)
        while not decoder.eof and given != ends_by_size:
            most = GIVE if ends_by_size is None else min(GIVE, ends_by_size - given)
            try:
                piece = decoder.decompress(block, most)
            except (lzma.LZMAError, EOFError, MemoryError) as error:
                raise SourceError(f"damaged {what} data: {error}") from None
            block = b""
            given += len(piece)
            if piece:
                yield piece
            elif not decoder.eof:
                block = pull(TAKE)
                if not block:
                    raise SourceError(f"{what} data ends early")

    return expand


def expand_zip_lzma(pull: Pull) -> Iterator[bytes]:
    """Expand ZIP method 14: two bytes version, two bytes length of properties, properties, raw LZMA."""
    header = pull(4)
    properties = pull(int.from_bytes(header[2:4], "little")) if len(header) == 4 else b""
    if len(properties) != 5 or properties[0] >= 9 * 5 * 5:
        raise SourceError("damaged lzma data: no valid properties")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    filter_ = {
        "id": lzma.FILTER_LZMA1,
        "lc": lc,
        "lp": lp,
        "pb": pb,
        "dict_size": int.from_bytes(properties[1:5], "little"),
    }
    return raw_lzma([filter_])(pull)


def expand_copy(pull: Pull) -> Iterator[bytes]:
    """Pass stored bytes on."""
    while block := pull(GIVE):
        yield block


def codec_of(head: bytes) -> tuple[str, Codec] | None:
    """Return id and codec of the compressed format that `head` begins with, zlib and lzma-alone excepted.

    These two have no fixed first bytes: their readers test more than that.
    """
    for magic, name, codec in (
        (GZIP, "gzip", expand_gzip),
        (BZIP2, "bzip2", expand_bzip2),
        (XZ, "xz", expand_xz),
        (LZ4, "lz4", expand_lz4),
        (ZSTD, "zstd", expand_zstd),
    ):
        if head.startswith(magic):
            return name, codec
    return None


def stream(parent: ByteSource, codec: Codec, budget: Budget, name: bytes = b"") -> StreamSource:
    """Return the expanded content of all of `parent`."""
    return StreamSource(parent, codec, budget, name=name)


def first_piece(parent: ByteSource, codec: Codec, length: int, taken: int = TAKE) -> bytes:
    """Return up to `length` expanded bytes made from the first `taken` bytes of `parent`, for recognition.

    Costs a constant amount of work and no budget. A defect after the first bytes does not matter here.
    """
    position = 0

    def pull(amount: int) -> bytes:
        nonlocal position
        # Little at first: what comes out of it is mostly enough, and every compressed file of a machine comes by here.
        amount = min(amount, max(_FIRST_TAKE, position), taken - position)
        block = parent.read(position, amount) if amount > 0 else b""
        position += len(block)
        return block

    pieces = bytearray()
    try:
        for piece in codec(pull):
            pieces += piece
            if len(pieces) >= length:
                break
    except SourceError:
        pass
    return bytes(pieces[:length])


def magic_after_skippable(parent: ByteSource, head: bytes) -> bytes:
    """Return the first four bytes after the skippable frames that LZ4 and Zstandard files may begin with."""
    position = 0
    magic = head[:4]
    for _ in range(64):
        if len(magic) < 4 or magic[1:] != b"\x2a\x4d\x18" or magic[0] & 0xF0 != 0x50:
            break
        position += 8 + int.from_bytes(parent.read(position + 4, 4), "little")
        magic = parent.read(position, 4)
    return magic


SKIPPABLE = tuple(bytes((0x50 | number,)) + b"\x2a\x4d\x18" for number in range(16))
"""First bytes of skippable frames."""
