"""Which protobuf formats bytes can begin, from the first bytes alone.

Protobuf has no signature and its fields may come in any order, so each format asks for the outline: which fields stand
at the top level. It is computed once per head, however many formats ask. A third of all files of a machine can be a
message by their first byte, so these tests load without the readers.
"""

from typing import NamedTuple

_VARINT, _RANGE = 0, 2
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
    global _last
    if _last[0] is not head:
        # A third of all other files (`<`, `/`, `d`, ELF, ...) begin with a wire type that cannot stand here.
        _last = (head, _NOTHING if not head or head[0] & 7 in _NEVER_FIRST else _outline(head))
    return _last[1]


_last: tuple[bytes, Outline] = (b"", _NOTHING)
"""The head at hand and its outline."""


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
            if wire == _RANGE:
                size, position = _varint(head, position)
                position += size
            elif wire == _VARINT:
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


def could_be_core_ml(head: bytes) -> bool:
    """Tell whether the head shows a specification version and what may be a description or a model."""
    seen = outline(head)
    return seen.has(1, _VARINT) and any(number == 2 or number >= 200 for number, _ in seen.fields)


def could_be_keras_metadata(head: bytes) -> bool:
    """Tell whether the head holds an identifier of a saved Keras object."""
    return outline(head).has(1, _RANGE) and b"_tf_keras" in head


def could_be_onnx(head: bytes) -> bool:
    """Tell whether the head shows a field that only makes sense in a ModelProto."""
    seen = outline(head)
    return seen.has(7, _RANGE) or seen.has(8, _RANGE) or seen.has(1, _VARINT)


def could_be_saved_model(head: bytes) -> bool:
    """Tell whether the head shows what may be a meta graph."""
    return outline(head).has(2, _RANGE)


def could_hold_nodes(head: bytes) -> bool:
    """Tell whether the head shows what may be the nodes of a TensorFlow graph, or the blocks of a Paddle program."""
    return outline(head).has(1, _RANGE)
