"""Deflate in its three wrappings, from any point that was marked on the way.

A decoder of zlib can be copied with its 32 KiB of history, so that a stream can go back without starting over; no other
decoder of a codec here can.

Sources: RFC 1950 (zlib), 1951 (deflate), 1952 (gzip); `zlib.h`, inflateCopy.
"""

import zlib
from collections.abc import Callable, Iterator

from weighbridge.model.source import SourceError
from weighbridge.model.stream_marks import Codec, Pull

TAKE = 128 << 10
"""Compressed bytes taken at once."""

GIVE = 256 << 10
"""Longest piece given at once."""


class Inflating:
    """Pieces of expanded data; `mark` gives a codec that goes on from here.

    Args:
        pull: compressed bytes.
        window_bits: which wrapping, as in `zlib.decompressobj`.
        what: name for messages.
        is_next: tells whether what stands after a stream begins another; None if nothing may follow.
    """

    __slots__ = ("_block", "_decoder", "_ended", "_is_next", "_pull", "_what", "_window_bits")

    def __init__(self, pull: Pull, window_bits: int, what: str, is_next: Callable[[bytes], bool] | None) -> None:
        self._pull = pull
        self._window_bits = window_bits
        self._what = what
        self._is_next = is_next
        self._decoder = zlib.decompressobj(window_bits)
        self._block: bytes | None = None
        self._ended = False

    def mark(self) -> Codec:
        """Return what expands the rest; the first byte that it pulls is the next that this would have pulled."""
        decoder, block, ended = self._decoder.copy(), self._block, self._ended

        def go_on(pull: Pull) -> Iterator[bytes]:
            again = Inflating(pull, self._window_bits, self._what, self._is_next)
            again._decoder, again._block, again._ended = decoder.copy(), block, ended
            return again

        return go_on

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next piece. Raises `SourceError` at a defect, an early end, and data after the last stream."""
        while not self._ended:
            if self._block is None:
                self._block = self._pull(TAKE)
            try:
                piece = self._decoder.decompress(self._block, GIVE)
            except (zlib.error, ValueError) as error:
                raise SourceError(f"damaged {self._what} data: {error}") from None
            if self._decoder.eof:
                if not piece:
                    self._next_stream()
                    continue
                self._block = b""  # the end is dealt with when this piece is taken
                return piece
            self._block = self._decoder.unconsumed_tail
            if not self._block and len(piece) < GIVE:
                self._block = self._pull(TAKE)
                if not self._block and not piece:
                    raise SourceError(f"{self._what} data ends early")
            if piece:
                return piece
        raise StopIteration

    def _next_stream(self) -> None:
        rest = self._decoder.unused_data
        if self._is_next is None:
            if rest or self._pull(1):
                raise SourceError(f"data after the end of the {self._what} stream")
            self._ended = True
            return
        rest = without_padding(rest if len(rest) >= 6 else rest + self._pull(TAKE), self._pull)
        if not rest:
            self._ended = True
            return
        if not self._is_next(rest):
            raise SourceError(f"data after the end of the {self._what} stream")
        self._decoder = zlib.decompressobj(self._window_bits)
        self._block = rest


def without_padding(rest: bytes, pull: Pull) -> bytes:
    """Drop the zero bytes that tape blocks and stream padding leave after a stream."""
    while rest:
        stripped = rest.lstrip(b"\x00")
        if stripped:
            return stripped if len(stripped) >= 6 else stripped + pull(TAKE)
        rest = pull(TAKE)
    return b""
