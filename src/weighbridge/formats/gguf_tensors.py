"""The tensor table of a GGUF file: entries, and whether they and the file agree.

Source: ggml `docs/gguf.md` (`gguf_tensor_info_t`); the refusals are those of `gguf_init_from_file_impl` in ggml
`gguf.cpp`: at most 4 dimensions, known type, whole blocks, aligned offsets without gap or overlap, unique names.
"""

import struct
from typing import NamedTuple

from weighbridge.formats.gguf_header import Broken, Cursor
from weighbridge.formats.gguf_types import FORK_TYPES_BELOW, TENSOR_TYPES
from weighbridge.formats.tensor_table import Tensor
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Malformed, Observation, Unread
from weighbridge.model.source import ByteSource

DEFAULT_ALIGNMENT = 32
MOST_TENSORS = 200_000
MOST_DIMENSIONS = 4
LONGEST_NAME = 1024
LONGEST_LOADED_NAME = 64
"""`GGML_MAX_NAME`: from this length on, with the zero at its end, loaders refuse a name."""
LARGEST_TENSOR = 1 << 44
"""Bytes: sixteen times the largest model that exists."""
SMALLEST_ENTRY = 20
"""Bytes: no table entry takes fewer."""
PADDING_LOOKED_AT = 1 << 20
"""Bytes of padding that are compared with zero, so that no payload hides there."""
MOST_NOTES = 8


class Entry(NamedTuple):
    """One line of the table."""

    tensor: Tensor
    offset: int
    """From the start of the tensor data."""
    size: int | None
    """Bytes; None if the type is unknown here."""


def read_table(cursor: Cursor, count: int, version: int, budget: Budget, entries: list[Entry]) -> list[Observation]:
    """Append the `count` entries at the cursor to `entries`; return what contradicts the format.

    `entries` keeps what was read when `Broken` is raised.
    """
    left = cursor.size - cursor.position
    if count * SMALLEST_ENTRY > left and count > MOST_TENSORS:
        raise Broken(Damage.CONTRADICTION, f"{count} tensors do not fit into the file", 8)
    budget.spend("tensors", count, MOST_TENSORS)
    notes: list[Observation] = []
    names: set[str] = set()
    unknown: dict[int, int] = {}
    size_code = "I" if version == 1 else "Q"
    for _ in range(count):
        entry = _entry(cursor, size_code, notes, unknown)
        name = entry.tensor.name
        if name in names:
            _note(notes, Damage.CONTRADICTION, "two tensors have the same name", cursor.position, name)
        names.add(name)
        entries.append(entry)
    for number, tensors in unknown.items():
        notes.append(
            Unread(what=f"{tensors} tensors of type {number}", reason="this tensor type is unknown to Weighbridge")
        )
    return notes


def _entry(cursor: Cursor, size_code: str, notes: list[Observation], unknown: dict[int, int]) -> Entry:
    at = cursor.position
    length = cursor.number(size_code)
    if length > LONGEST_NAME:
        raise Broken(Damage.CONTRADICTION, f"a tensor name claims {length} bytes", at)
    raw_name = cursor.take(length)
    name = raw_name.decode("utf-8", "backslashreplace")
    if len(raw_name) >= LONGEST_LOADED_NAME:
        _note(notes, Damage.INVALID, f"a tensor name has {len(raw_name)} bytes", at, name[:80])
    if not raw_name or not name.isprintable():
        _note(notes, Damage.INVALID, "a tensor name is empty or not printable", at, name[:80])
    dimensions = cursor.number("I")
    if dimensions > MOST_DIMENSIONS:
        raise Broken(Damage.INVALID, f"a tensor claims {dimensions} dimensions", at, name)
    form = cursor.order + size_code * dimensions
    shape: tuple[int, ...] = struct.unpack(form, cursor.take(struct.calcsize(form)))[::-1]
    number = cursor.number("I")
    offset = cursor.number("Q")
    elements = 1
    for dimension in shape:
        elements *= dimension
    if elements >= 1 << 63:
        raise Broken(Damage.CONTRADICTION, "the dimensions of a tensor overflow", at, name)
    tensor_type = TENSOR_TYPES.get(number)
    if tensor_type is None:
        if number >= FORK_TYPES_BELOW or number in (4, 5):
            raise Broken(Damage.INVALID, f"tensor type {number} does not exist", at, name)
        unknown[number] = unknown.get(number, 0) + 1
        return Entry(Tensor(name, f"TYPE{number}", shape), offset, None)
    row = shape[-1] if shape else 1
    if row % tensor_type.block:
        _note(notes, Damage.INVALID, f"rows of {row} values are not whole {tensor_type.name} blocks", at, name)
    size = elements // tensor_type.block * tensor_type.size
    if size > LARGEST_TENSOR:
        _note(notes, Damage.CONTRADICTION, f"a tensor claims {size} bytes", at, name)
    return Entry(Tensor(name, tensor_type.name, shape), offset, size)


def check_layout(source: ByteSource, entries: list[Entry], data_start: int, alignment: int) -> list[Observation]:
    """Return where offsets, sizes, alignment and file length disagree.

    Args:
        source: the file; only its size and the padding are used.
        entries: the table, in file order.
        data_start: absolute offset of the tensor data.
        alignment: bytes, a power of two.
    """
    notes: list[Observation] = []
    expected = 0
    look = PADDING_LOOKED_AT
    sized = all(entry.size is not None for entry in entries)
    broken = False
    for entry in sorted(entries, key=lambda each: (each.offset, each.size or 0)):
        name = entry.tensor.name
        if entry.offset % alignment:
            broken = True
            _note(notes, Damage.INVALID, f"offset {entry.offset} is not aligned to {alignment}", entry.offset, name)
        elif sized and entry.offset < expected:
            broken = True
            _note(notes, Damage.CONTRADICTION, "the tensor overlaps another", entry.offset, name)
        elif sized and entry.offset > expected:
            broken = True
            _note(
                notes,
                Damage.CONTRADICTION,
                f"{entry.offset - expected} bytes before the tensor belong to nothing",
                data_start + expected,
                name,
            )
        end = entry.offset + (entry.size or 0)
        padded = -(-end // alignment) * alignment
        if padded - end >= 64 and look > 0 and data_start + end < source.size:
            padding = source.read(data_start + end, min(padded - end, look))
            look -= len(padding)
            if padding.strip(b"\0"):
                _note(notes, Damage.CONTRADICTION, "the padding holds data", data_start + end, name)
        expected = max(expected, padded)
    end = max((entry.offset + (entry.size or 0) for entry in entries), default=0)
    missing = data_start + end - source.size
    if missing > 0 and entries:
        damage = Damage.CONTRADICTION if broken or end > LARGEST_TENSOR else Damage.TRUNCATED
        notes.append(Malformed(damage=damage, reason=f"{missing} bytes of tensor data are missing", offset=source.size))
    if sized:
        notes += _trailing(source, data_start + expected)
    return notes


def _trailing(source: ByteSource, end: int) -> list[Observation]:
    extra = source.size - end
    if extra <= 0:
        return []
    if extra <= PADDING_LOOKED_AT and not source.read(end, extra).strip(b"\0"):
        return []
    reason = f"{extra} bytes follow the last tensor and belong to nothing"
    return [Malformed(damage=Damage.CONTRADICTION, reason=reason, offset=end)]


def _note(notes: list[Observation], damage: Damage, reason: str, offset: int, name: str) -> None:
    if len(notes) < MOST_NOTES:
        notes.append(Malformed(damage=damage, reason=reason, offset=offset, key=name[:200]))
