"""FlatBuffers without a schema compiler: tables, vectors and strings, every offset checked.

Source: "FlatBuffers Internals" (little endian, vtables, soffset to the vtable, uoffset to children). A table that
shares its vtable or an object with another one is legal; an offset that leaves the file is not.
"""

import struct

from weighbridge.formats.gathering import StructureError
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

_SCALARS = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}
_SMALL_STEP = 4 << 10
_LARGE_STEP = 64 << 10
_LONGEST_VTABLE = 4_000
_BATCH = 4_096
MOST_OBJECTS = 200_000
"""Most tables followed, one that is reached twice counted twice: some thousand stand in a model."""


class FlatBuffer:
    """Random access to a flatbuffer with a small window in memory.

    Args:
        source: the bytes.
        budget: pays for every table and vector item.
        end: where the buffer ends, if something may follow it; None for the end of the source.
    """

    __slots__ = ("_base", "_budget", "_source", "_step", "_window", "size")

    def __init__(self, source: ByteSource, budget: Budget, end: int | None = None) -> None:
        self._source = source
        self._budget = budget
        self._window = b""
        self._base = 0
        self._step = _SMALL_STEP
        self.size = source.size if end is None else end

    def content(self, position: int, length: int) -> bytes:
        """Return exactly `length` bytes, or raise `StructureError` if they are not all there."""
        if position < 0 or length < 0 or position + length > self.size:
            raise StructureError(Damage.CONTRADICTION, "an offset leaves the file", position)
        index = position - self._base
        if index < 0 or index + length > len(self._window):
            if length > _SMALL_STEP // 2:
                return self._source.read(position, length)
            # A file whose objects refer to far places must not make each of them cost a large read.
            near = -self._step <= index <= len(self._window) + self._step
            self._step = min(2 * self._step, _LARGE_STEP) if near else _SMALL_STEP
            # Objects often stand shortly before what refers to them, so the window starts a little earlier.
            self._base = max(0, position - self._step // 4)
            self._window = self._source.read(self._base, self._step)
            index = position - self._base
        piece = self._window[index : index + length]
        if len(piece) != length:
            raise StructureError(Damage.TRUNCATED, "ends early", position)
        return piece

    def number(self, position: int, width: int = 4) -> int:
        """Return an unsigned little-endian number of 1, 2, 4 or 8 bytes."""
        value: int = struct.unpack(_SCALARS[width], self.content(position, width))[0]
        return value

    def root(self) -> "Table":
        """Return the root table."""
        return self.table(self.number(0))

    def table(self, position: int) -> "Table":
        """Return the table at `position`."""
        self._budget.spend("flatbuffer objects", 1, MOST_OBJECTS)
        distance = struct.unpack("<i", self.content(position, 4))[0]
        vtable = position - distance
        length = self.number(vtable, 2)
        if length < 4 or length % 2 or length > _LONGEST_VTABLE:
            raise StructureError(Damage.CONTRADICTION, "a table points at something that is no vtable", position)
        if vtable + length > self.size:
            raise StructureError(Damage.CONTRADICTION, "a vtable leaves the file", vtable)
        return Table(self, position, vtable)

    def vector(self, position: int, width: int) -> tuple[int, int]:
        """Return position of the first item and number of items, all of which lie inside the file."""
        count = self.number(position)
        if position + 4 + count * width > self.size:
            raise StructureError(Damage.CONTRADICTION, "a vector is longer than the file", position)
        return position + 4, count

    def indirect(self, position: int) -> int:
        """Follow the offset that stands at `position`."""
        return position + self.number(position)


class Table:
    """One table; slots are counted from 0 as in the schema.

    Its vtable is looked up and not kept: a few bytes of file can refer to one long vtable many times.
    """

    __slots__ = ("_buffer", "_vtable", "position")

    def __init__(self, buffer: FlatBuffer, position: int, vtable: int) -> None:
        self._buffer = buffer
        self._vtable = vtable
        self.position = position

    def slot(self, index: int) -> int:
        """Return the position of a field, 0 if it is absent."""
        buffer = self._buffer
        if 4 + 2 * index >= buffer.number(self._vtable, 2):
            return 0
        distance = buffer.number(self._vtable + 4 + 2 * index, 2)
        if distance and distance >= buffer.number(self._vtable + 2, 2):
            raise StructureError(Damage.CONTRADICTION, "a field lies outside of its table", self.position)
        return self.position + distance if distance else 0

    def number(self, index: int, width: int = 4, default: int = 0) -> int:
        """Return a scalar field."""
        at = self.slot(index)
        return self._buffer.number(at, width) if at else default

    def table(self, index: int) -> "Table | None":
        """Return a table field."""
        at = self.slot(index)
        return self._buffer.table(self._buffer.indirect(at)) if at else None

    def tables(self, index: int) -> "list[Table]":
        """Return the items of a vector of tables."""
        at = self.slot(index)
        if not at:
            return []
        first, count = self._buffer.vector(self._buffer.indirect(at), 4)
        found: list[Table] = []
        for start in range(first, first + 4 * count, 4 * _BATCH):
            packed = self._buffer.content(start, min(4 * _BATCH, first + 4 * count - start))
            for index, (distance,) in enumerate(struct.iter_unpack("<I", packed)):
                found.append(self._buffer.table(start + 4 * index + distance))
        return found

    def text(self, index: int, limit: int = 4096) -> str:
        """Return a string field, cut at `limit` bytes."""
        return self.bytes_of(index, limit).decode("utf-8", "backslashreplace")

    def bytes_of(self, index: int, limit: int = 4096) -> bytes:
        """Return the beginning of a string or byte vector field."""
        first, count = self.extent(index)
        return self._buffer.content(first, min(count, limit)) if first else b""

    def extent(self, index: int, width: int = 1) -> tuple[int, int]:
        """Return position and number of items of a vector field, (0, 0) if it is absent."""
        at = self.slot(index)
        return self._buffer.vector(self._buffer.indirect(at), width) if at else (0, 0)

    def integers(self, index: int, most: int = 256) -> tuple[int, ...]:
        """Return a vector of 32-bit signed integers, at most `most` of them."""
        first, count = self.extent(index, 4)
        count = min(count, most)
        return struct.unpack(f"<{count}i", self._buffer.content(first, 4 * count)) if first else ()
