"""The JSON header of a safetensors file and whether it, the shapes and the file agree.

Source: safetensors `README.md`, section "Format", and the refusals of `SafeTensors::read_metadata` and
`Metadata::validate` in `safetensors/src/tensor.rs`: offsets start at 0, follow each other without hole or overlap and
end at the end of the file; every size is shape times type.
"""

import re
from dataclasses import dataclass, field
from math import prod
from typing import Any

from weighbridge.formats.json_text import parse
from weighbridge.formats.safetensors_types import BITS
from weighbridge.formats.tensor_table import Tensor
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Malformed, Observation, Unread
from weighbridge.model.source import ByteSource, LimitReached

LENGTH_BYTES = 8
LONGEST_HEADER = 100_000_000
"""The format's own limit."""
LONGEST_PARSED = 24 << 20
"""Longest header that is parsed: a table of 200,000 tensors is shorter."""
MOST_DIMENSIONS = 64
MOST_NOTES = 12
TYPE_NAME = re.compile(r"[A-Z][A-Z0-9_]{1,15}")
ENTRY_KEYS = frozenset({"dtype", "shape", "data_offsets"})


@dataclass(slots=True)
class Header:
    """What the header says, as far as it is well formed."""

    length: int = 0
    metadata: dict[str, str] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    readable: bool = False
    """Whether the JSON parsed, so that metadata and tensors are all there is."""

    def note(self, damage: Damage, reason: str, key: str | None = None, offset: int | None = None) -> None:
        """Record one contradiction, the first few only."""
        if len(self.observations) < MOST_NOTES:
            where = key[:200] if key is not None else None
            self.observations.append(Malformed(damage=damage, reason=reason, key=where, offset=offset))


def read_header(source: ByteSource, budget: Budget) -> Header:
    """Return the header of `source`. Raises `LimitReached` and `SourceError`."""
    header = Header()
    size = source.size
    start = source.read(0, LENGTH_BYTES)
    if len(start) < LENGTH_BYTES:
        header.note(Damage.TRUNCATED, "the file ends inside the header length", offset=0)
        return header
    header.length = int.from_bytes(start, "little")
    if header.length > min(LONGEST_HEADER, budget.limits.header_bytes):
        header.note(Damage.INVALID, f"the header claims {header.length} bytes", offset=0)
        return header
    if header.length > size - LENGTH_BYTES:
        header.note(Damage.TRUNCATED, f"the file ends inside its header of {header.length} bytes", offset=0)
        return header
    if header.length > LONGEST_PARSED:
        raise LimitReached("header bytes", LONGEST_PARSED)
    text = source.read(LENGTH_BYTES, header.length)
    if len(text) < header.length:
        header.note(Damage.TRUNCATED, f"its content breaks off inside its header of {header.length} bytes", offset=0)
        return header
    if not text.startswith(b"{"):
        header.note(Damage.INVALID, "the header does not start with an object", offset=LENGTH_BYTES)
    parsed = parse(text)
    if parsed.error is not None or not isinstance(parsed.value, dict):
        reason = parsed.error or "it is not an object"
        header.note(Damage.INVALID, f"the header is not strict JSON: {reason}", offset=LENGTH_BYTES)
        return header
    for name in parsed.duplicates:
        header.note(Damage.CONTRADICTION, "the name occurs twice, loaders take the first or the last", name)
    header.readable = True
    entries: dict[str, Any] = parsed.value
    _metadata(header, entries.pop("__metadata__", None))
    _table(header, entries, size - LENGTH_BYTES - header.length)
    return header


def _metadata(header: Header, metadata: object) -> None:
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        header.note(Damage.INVALID, "the metadata is not a map of text to text", "__metadata__")
        return
    header.metadata = metadata


def _table(header: Header, entries: dict[str, Any], available: int) -> None:
    spans: list[tuple[int, int, str]] = []
    unknown: set[str] = set()
    for name, entry in entries.items():
        span = _entry(header, name, entry, unknown)
        if span is not None:
            spans.append((*span, name))
    for dtype in sorted(unknown)[:MOST_NOTES]:
        header.observations.append(
            Unread(what=f"tensors of type {dtype}", reason="this number type is unknown to Weighbridge")
        )
    spans.sort()
    expected = 0
    broken = False
    for begin, end, name in spans:
        if begin != expected:
            broken = True
            reason = (
                f"{begin - expected} bytes before the tensor belong to nothing"
                if begin > expected
                else "the tensor overlaps another"
            )
            header.note(Damage.CONTRADICTION, reason, name, begin)
        expected = max(expected, end)
    if len(spans) != len(entries):
        return
    if expected > available:
        damage = Damage.CONTRADICTION if broken else Damage.TRUNCATED
        header.note(damage, f"{expected - available} bytes of tensor data are missing", offset=available)
    elif expected < available:
        reason = f"{available - expected} bytes follow the last tensor and belong to nothing"
        header.note(Damage.CONTRADICTION, reason, offset=LENGTH_BYTES + header.length + expected)


def _entry(header: Header, name: str, entry: object, unknown: set[str]) -> tuple[int, int] | None:
    if not isinstance(entry, dict) or set(entry) != ENTRY_KEYS:
        header.note(Damage.INVALID, "the entry is not exactly type, shape and offsets", name)
        return None
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or not _counts(shape) or not _counts(offsets) or len(offsets) != 2:
        header.note(Damage.INVALID, "type, shape or offsets are not of the right kind", name)
        return None
    begin, end = offsets
    if len(shape) > MOST_DIMENSIONS:
        header.note(Damage.INVALID, f"the tensor has {len(shape)} dimensions", name)
        return None
    elements = prod(shape)
    if elements >= 1 << 63 or end >= 1 << 63:
        header.note(Damage.CONTRADICTION, "the shape or offset overflows", name)
        return None
    if begin > end:
        header.note(Damage.CONTRADICTION, "the tensor ends before it begins", name, begin)
        return None
    bits = BITS.get(dtype)
    if bits is None:
        if TYPE_NAME.fullmatch(dtype):
            unknown.add(dtype)
        else:
            header.note(Damage.INVALID, f"the number type {dtype[:40]!r} does not exist", name)
    elif elements * bits % 8 or elements * bits // 8 != end - begin:
        reason = f"{end - begin} bytes cannot hold {elements} values of type {dtype}"
        header.note(Damage.CONTRADICTION, reason, name, begin)
    header.tensors.append(Tensor(name, dtype[:40], tuple(shape)))
    return begin, end


def _counts(values: object) -> bool:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)
