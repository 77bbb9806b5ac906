"""A closer look at bytes that may be a protobuf message, shared by every protobuf format."""

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.protobuf_wire import Field, Wire
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource, LimitReached


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
