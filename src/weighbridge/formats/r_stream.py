"""The primitive values of R's serialization in its three encodings: XDR, native binary, ASCII.

Source: "R Internals", section 1.8 (Serialization Formats), and `src/main/serialize.c` of R.
"""

import struct

from weighbridge.formats.gathering import StructureError
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

_STEP = 64 << 10
STRING_TYPE = 9
"""CHARSXP, the type of a single string."""
_LONGEST_TEXT = 16 << 20
_ESCAPES = {b"n": 10, b"t": 9, b"v": 11, b"b": 8, b"r": 13, b"f": 12, b"a": 7, b"\\": 92, b"?": 63, b"'": 39, b'"': 34}


class BinaryStream:
    """XDR (big endian) or native binary (little endian).

    Args:
        source: the serialized bytes, expanded.
        position: where the values begin.
        order: `>` or `<`.
    """

    def __init__(self, source: ByteSource, position: int, order: str = ">") -> None:
        self._source = source
        self._integer = struct.Struct(order + "i")
        self._pair = struct.Struct(order + "2i")
        self._window = b""
        self._base = 0
        self.position = position

    def integer(self) -> int:
        """Return the next integer."""
        number: int = self._integer.unpack(self._take(4))[0]
        return number

    def skip(self, count: int, width: int) -> None:
        """Pass over numbers without reading them."""
        if count * width:
            self.position += count * width - 1
            self._take(1)

    def text(self, length: int) -> bytes:
        """Return a string of that many bytes, at most its beginning."""
        kept = self._take(min(length, 4096))
        self.skip(length - len(kept), 1)
        return kept

    def skip_strings(self, count: int) -> None:
        """Pass over string objects, each a type, a length (-1 for NA) and bytes."""
        pair = self._pair
        for _ in range(count):
            index = self.position - self._base
            if index < 0 or index + 8 > len(self._window):
                self._take(8)
                self.position -= 8
                index = self.position - self._base
            flags, length = pair.unpack_from(self._window, index)
            if flags & 255 != STRING_TYPE or length < -1:
                raise StructureError(Damage.INVALID, "something else stands where a string must be", self.position)
            self.position += 8 + max(length, 0)
        if count:
            self.position -= 1
            self._take(1)

    def _take(self, length: int) -> bytes:
        index = self.position - self._base
        if index < 0 or index + length > len(self._window):
            self._window = self._source.read(self.position, _STEP)
            self._base = self.position
            index = 0
            if len(self._window) < length:
                raise StructureError(Damage.TRUNCATED, "ends inside a value", self.position)
        self.position += length
        return self._window[index : index + length]


class TextStream:
    """ASCII: one value a line, strings with C escapes."""

    def __init__(self, source: ByteSource, position: int) -> None:
        self._source = source
        self._window = b""
        self._base = position
        self.position = position

    def integer(self) -> int:
        """Return the next integer; `NA` is the smallest."""
        line = self._line()
        if line == b"NA":
            return -(1 << 31)
        if not line.lstrip(b"-").isdigit() or len(line) > 11:
            raise StructureError(Damage.INVALID, "a number was expected", self.position)
        return int(line)

    def skip(self, count: int, width: int) -> None:
        """Pass over values. A raw byte is one line, a complex number two."""
        for _ in range(count * 2 if width == 16 else count):
            self._line()

    def skip_strings(self, count: int) -> None:
        """Pass over string objects: three lines each, two for NA."""
        for _ in range(count):
            if self.integer() & 255 != STRING_TYPE:
                raise StructureError(Damage.INVALID, "something else stands where a string must be", self.position)
            if self.integer() > 0:
                self._line()

    def text(self, length: int) -> bytes:
        """Return a string of that many bytes with its escapes resolved."""
        if length > _LONGEST_TEXT:
            raise StructureError(Damage.TRUNCATED, "a string is longer than any string", self.position)
        line = self._line()
        found = bytearray()
        index = 0
        while index < len(line) and len(found) < 4096:
            if line[index] != 92:
                found.append(line[index])
                index += 1
            elif line[index + 1 : index + 2] in _ESCAPES:
                found.append(_ESCAPES[line[index + 1 : index + 2]])
                index += 2
            else:
                digits = line[index + 1 : index + 4]
                found.append(int(digits, 8) & 255 if digits.isdigit() and not set(digits) & set(b"89") else 63)
                index += 4
        return bytes(found)

    def _line(self) -> bytes:
        while True:
            index = self.position - self._base
            end = self._window.find(b"\n", index)
            if end >= 0:
                self.position = self._base + end + 1
                line = self._window[index:end].strip()
                if line:
                    return line
                continue
            more = self._source.read(self._base + len(self._window), _STEP)
            if not more:
                raise StructureError(Damage.TRUNCATED, "ends inside a value", self.position)
            if len(self._window) - index > _LONGEST_TEXT:
                raise StructureError(Damage.INVALID, "a line is longer than any value", self.position)
            self._window = self._window[index:] + more
            self._base = self.position
