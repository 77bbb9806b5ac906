"""A first look at bytes that may be a protobuf message, shared by every protobuf format.

Protobuf has no signature and its fields may come in any order, so each format asks for the outline: which fields stand
at the top level. It is computed once per head, however many formats ask.
"""

from functools import lru_cache
from typing import NamedTuple

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Field, Wire
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, LimitReached

_MOST_IN_HEAD = 64


class Outline(NamedTuple):
    """The top-level fields that can be seen in a head: number and wire type, in order of first occurrence."""

    fields: tuple[tuple[int, int], ...]

    def has(self, number: int, wire: int) -> bool:
        """Tell whether the head shows this field with this wire type."""
        return (number, wire) in self.fields


_NOTHING = Outline(())
_NEVER_FIRST = frozenset({4, 6, 7})
BEGINNINGS = bytes(first for first in range(8, 256) if first & 7 not in _NEVER_FIRST)
"""First bytes of a message: a field number that is not 0 and a wire type that can stand there."""


def outline(head: bytes) -> Outline:
    """Return the outline of `head`; empty if it cannot be the beginning of a message.

    The last field may reach beyond the head. Field numbers and wire types must be legal.
    """
    # A third of all other files (`<`, `/`, `d`, ELF, ...) begin with a wire type that cannot stand here.
    return _NOTHING if not head or head[0] & 7 in _NEVER_FIRST else _outline(head)


@lru_cache(maxsize=4)
def _outline(head: bytes) -> Outline:
    fields: dict[tuple[int, int], None] = {}
    position = 0
    groups = 0
    length = len(head)
    try:
        for _ in range(_MOST_IN_HEAD):
            if position >= length:
                break
            tag = head[position]
            position += 1
            if tag > 127:
                tag, position = _varint(head, position - 1)
            number, wire = tag >> 3, tag & 7
            if not 0 < number < 1 << 29:
                return _NOTHING
            if wire == RANGE:
                size, position = _varint(head, position)
                position += size
            elif wire == VARINT:
                _, position = _varint(head, position)
            elif wire == 1:
                position += 8
            elif wire == 5:
                position += 4
            elif wire == 3:
                groups += 1
                continue
            elif wire == 4 and groups:
                groups -= 1
                continue
            else:
                return _NOTHING
            if not groups:
                fields[(number, wire)] = None
    except ValueError:
        return _NOTHING
    except IndexError:
        pass  # the head ends inside a field
    return Outline(tuple(fields))


def _varint(head: bytes, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = head[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise ValueError("longer than ten bytes")


def top_level(source: ByteSource, most: int = 20_000) -> tuple[list[Field], Wire, bool]:
    """Return the outermost fields of a file (at most `most`), the walker, and whether the walk went to the end.

    A file cut short still returns its fields; bytes that are not protobuf return those before the first error.
    """
    wire = Wire(source, Budget(), most_fields=most)
    fields: list[Field] = []
    try:
        fields.extend(wire.fields())
    except StructureError:
        return fields, wire, wire.truncated
    except LimitReached:
        return fields, wire, True
    return fields, wire, True


def looks_like(wire: Wire, start: int, length: int, allowed: frozenset[tuple[int, int]], *, most: int = 40) -> bool:
    """Tell whether the message in the range begins with `allowed` (number, wire type) fields only."""
    try:
        for seen, (number, kind, _value, _payload) in enumerate(wire.fields(start, start + length)):
            if (number, kind) not in allowed:
                return False
            if seen >= most:
                break
    except StructureError:
        return wire.truncated
    return True
