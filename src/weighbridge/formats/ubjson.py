"""Universal Binary JSON as XGBoost writes it, walked with arrays passed over.

Source: UBJSON draft 12 (ubjson.org) and `src/common/json.cc` of XGBoost (optimized containers with type and count).
"""

import struct

from weighbridge.formats.gathering import StructureError
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, LimitReached

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]

_WIDTHS = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8, b"d": 4, b"D": 8, b"C": 1, b"u": 2, b"m": 4, b"M": 8}
_INTEGERS = {b"i": ">b", b"U": ">B", b"I": ">h", b"l": ">i", b"L": ">q"}
_EMPTY = {b"T": True, b"F": False, b"Z": None, b"N": None}
_MOST_VALUES = 500_000
_DEPTH = 60
_STEP = 64 << 10


class Walker:
    """Reads one value after the other; a typed array becomes the number of its items.

    Args:
        source: the bytes.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._window = b""
        self._base = 0
        self._position = 0
        self._values = 0

    def value(self, depth: int = 0) -> Value:
        """Return the value at the current position. Raises `StructureError`, `LimitReached`."""
        return self._of(self._take(1), depth)

    @property
    def position(self) -> int:
        """Where the next value begins."""
        return self._position

    def _of(self, marker: bytes, depth: int) -> Value:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise LimitReached("UBJSON values", _MOST_VALUES)
        if depth > _DEPTH:
            raise LimitReached("UBJSON depth", _DEPTH)
        if marker == b"{":
            return self._object(depth)
        if marker == b"[":
            return self._array(depth)
        if marker in (b"S", b"H"):
            return self._text()
        if marker in _EMPTY:
            return _EMPTY[marker]
        if marker in _INTEGERS:
            number: int = struct.unpack(_INTEGERS[marker], self._take(_WIDTHS[marker]))[0]
            return number
        if marker in _WIDTHS:
            self._take(_WIDTHS[marker])
            return 0.0
        raise StructureError(Damage.INVALID, f"type marker {marker!r} does not exist", self._position - 1)

    def _object(self, depth: int) -> Value:
        found: dict[str, Value] = {}
        kind, count = self._container()
        while count is None or count > 0:
            marker = self._take(1)
            if marker == b"}" and count is None:
                break
            name = self._text(marker)
            found[name] = self._of(kind or self._take(1), depth + 1)
            count = None if count is None else count - 1
        return found

    def _array(self, depth: int) -> Value:
        kind, count = self._container()
        if kind is not None and count is not None and kind in _WIDTHS:
            self._skip(count * _WIDTHS[kind])
            return count
        items: list[Value] = []
        while count is None or count > 0:
            marker = kind or self._take(1)
            if marker == b"]" and count is None:
                break
            items.append(self._of(marker, depth + 1))
            count = None if count is None else count - 1
        return items

    def _container(self) -> tuple[bytes | None, int | None]:
        kind: bytes | None = None
        if self._peek() == b"$":
            self._take(1)
            kind = self._take(1)
        if self._peek() != b"#":
            if kind is not None:
                raise StructureError(Damage.INVALID, "a typed container has no count", self._position)
            return None, None
        self._take(1)
        return kind, self._count(self._take(1))

    def _count(self, marker: bytes) -> int:
        if marker not in _INTEGERS:
            raise StructureError(Damage.INVALID, "a length is no integer", self._position)
        number: int = struct.unpack(_INTEGERS[marker], self._take(_WIDTHS[marker]))[0]
        if number < 0:
            raise StructureError(Damage.INVALID, "a length is negative", self._position)
        return number

    def _text(self, marker: bytes | None = None) -> str:
        length = self._count(marker or self._take(1))
        start = self._position
        self._skip(length)
        return self._source.read(start, min(length, 4096)).decode("utf-8", "backslashreplace")

    def _skip(self, length: int) -> None:
        if length > self._source.size - self._position:
            raise StructureError(Damage.TRUNCATED, "a value is longer than the file", self._position)
        self._position += length

    def _peek(self) -> bytes:
        position = self._position
        byte = self._take(1)
        self._position = position
        return byte

    def _take(self, length: int) -> bytes:
        index = self._position - self._base
        if index < 0 or index + length > len(self._window):
            self._window = self._source.read(self._position, _STEP)
            self._base = self._position
            index = 0
            if len(self._window) < length:
                raise StructureError(Damage.TRUNCATED, "ends inside a value", self._position)
        self._position += length
        return self._window[index : index + length]
