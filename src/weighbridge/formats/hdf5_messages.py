"""HDF5 header messages: types, shapes, attributes, storage.

Source: "HDF5 File Format Specification Version 3.0", section IV.A.2 (messages 0x01 dataspace, 0x03 datatype, 0x07
external files, 0x08 layout, 0x0C attribute).
"""

from dataclasses import dataclass

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.hdf5_file import Hdf5File
from weighbridge.formats.hdf5_heap import global_object
from weighbridge.model.observation import Damage

_FIXED, _FLOAT, _STRING, _COMPOUND, _ENUM, _VARIABLE = 0, 1, 3, 6, 8, 9
_MOST_STRINGS = 100_000
_MOST_TEXT = 16 << 20
"""Most bytes of variable-length texts in one file; many references may name one text."""
_KINDS = {_STRING: "STRING", _COMPOUND: "COMPOUND", _ENUM: "ENUM", _VARIABLE: "VARIABLE"}


@dataclass(frozen=True, slots=True)
class Type:
    """A datatype as far as it matters here."""

    kind: int
    size: int
    variable_string: bool
    name: str
    """As safetensors spells it (`F32`), or the class in capitals."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute whose value is decoded on demand."""

    name: str
    type: Type | None
    """None if the type is shared and not followed."""
    shape: tuple[int, ...]
    value: bytes
    position: int


def datatype(content: bytes) -> Type:
    """Decode a datatype message. Raises IndexError if it is too short."""
    kind = content[0] & 15
    bits = content[1]
    size = int.from_bytes(content[4:8], "little")
    if kind == _FIXED:
        name = f"{'I' if bits & 8 else 'U'}{8 * size}"
    elif kind == _FLOAT:
        name = "BF16" if size == 2 and len(content) > 14 and content[14] == 7 else f"F{8 * size}"
    elif kind == _ENUM and size == 1:
        name = "BOOL"
    else:
        name = _KINDS.get(kind, f"CLASS {kind}")
    return Type(kind=kind, size=size, variable_string=kind == _VARIABLE and bits & 15 == 1, name=name)


def dataspace(file: Hdf5File, content: bytes) -> tuple[int, ...]:
    """Decode a dataspace message to its current dimensions. Raises IndexError if it is too short."""
    version, rank = content[0], content[1]
    first = 8 if version == 1 else 4
    if version not in (1, 2) or rank > 32:
        raise StructureError(Damage.INVALID, "a dataspace is impossible")
    return tuple(file.length(content, first + index * file.length_size) for index in range(rank))


def attribute(file: Hdf5File, content: bytes, position: int) -> Attribute:
    """Decode an attribute message of any version."""
    try:
        version, flags = content[0], content[1]
        name_size = int.from_bytes(content[2:4], "little")
        type_size = int.from_bytes(content[4:6], "little")
        space_size = int.from_bytes(content[6:8], "little")
        if version not in (1, 2, 3):
            raise StructureError(Damage.INVALID, f"attribute version {version} does not exist", position)
        at = 9 if version == 3 else 8
        pad = 8 if version == 1 else 1
        name = content[at : at + name_size].split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
        at += -(-name_size // pad) * pad
        kind = None if flags & 1 and version > 1 else datatype(content[at : at + type_size])
        at += -(-type_size // pad) * pad
        shape = () if flags & 2 and version > 1 else dataspace(file, content[at : at + space_size])
        at += -(-space_size // pad) * pad
    except IndexError:
        raise StructureError(Damage.INVALID, "an attribute is too short", position) from None
    return Attribute(name=name, type=kind, shape=shape, value=content[at:], position=position)


def strings(file: Hdf5File, subject: Attribute) -> list[str] | None:
    """Return the strings that an attribute holds; None if it holds something else."""
    kind = subject.type
    if kind is None:
        return None
    count = 1
    for size in subject.shape:
        count *= size
    if count > _MOST_STRINGS:
        file.spend("attribute strings", count, _MOST_STRINGS)
    if kind.kind == _STRING and kind.size:
        pieces = [subject.value[index * kind.size : (index + 1) * kind.size] for index in range(count)]
        return [piece.rstrip(b"\0").decode("utf-8", "backslashreplace") for piece in pieces]
    if not kind.variable_string:
        return None
    width = 8 + file.offset_size
    found: list[str] = []
    for index in range(count):
        reference = subject.value[index * width : (index + 1) * width]
        if len(reference) < width:
            raise StructureError(Damage.CONTRADICTION, "an attribute is shorter than its shape", subject.position)
        length = int.from_bytes(reference[:4], "little")
        address = file.offset(reference, 4)
        if not length or address in (0, file.undefined):
            found.append("")
            continue
        file.spend("attribute strings", 1, _MOST_STRINGS)
        number = int.from_bytes(reference[4 + file.offset_size :], "little")
        piece = global_object(file, address, number)[:length]
        file.spend("attribute text bytes", len(piece), _MOST_TEXT)
        found.append(piece.rstrip(b"\0").decode("utf-8", "backslashreplace"))
    return found


def numbers(subject: Attribute) -> int | None:
    """Return an integer attribute with one value."""
    if subject.type is None or subject.type.kind not in (_FIXED, _ENUM) or subject.shape not in ((), (1,)):
        return None
    return int.from_bytes(subject.value[: subject.type.size], "little")
