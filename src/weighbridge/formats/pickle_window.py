"""A forward window over a source, so that a pickle of any length is read in bounded memory."""

from weighbridge.model.source import ByteSource, SourceError

CHUNK = 1 << 20
MARGIN = 32
"""Longer than any opcode with a fixed-size argument, so that such an opcode never straddles the window."""


class Window:
    """`data` holds the bytes from `base` on. `last` tells that nothing follows `data`."""

    __slots__ = ("_chunk", "base", "damage", "data", "last", "soft", "source")

    def __init__(self, source: ByteSource, start: int = 0, chunk: int = CHUNK) -> None:
        self.source = source
        self._chunk = chunk
        self.damage: str | None = None
        """Why the source cannot be read any further, if so."""
        self.move(start)

    def move(self, start: int) -> None:
        """Place the window at the absolute offset `start`."""
        length = self._chunk
        try:
            self.data = self.source.read(start, length)
        except SourceError as error:
            self.damage = str(error)
            self.data = b""
        self.base = start
        self.last = len(self.data) < length
        self.soft = len(self.data) if self.last else len(self.data) - MARGIN
        """Up to where an opcode may begin before the window must move."""

    def has(self, offset: int) -> bool:
        """Tell whether there is a byte at the absolute `offset` (reads one byte)."""
        if self.base <= offset < self.base + len(self.data):
            return True
        if self.last and offset >= self.base + len(self.data):
            return False
        try:
            return bool(self.source.read(offset, 1))
        except SourceError:
            return False

    def peek(self, start: int, length: int) -> bytes:
        """Return up to `length` bytes at the absolute offset `start` without moving."""
        inside = start - self.base
        if inside >= 0 and (self.last or inside + length <= len(self.data)):
            return self.data[inside : inside + length]
        try:
            return self.source.read(start, length)
        except SourceError as error:
            self.damage = str(error)
            return b""
