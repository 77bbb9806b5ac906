"""The tensors of a set of GGUF or safetensors files, each with the place of its bytes.

In: byte sources; several are the parts of one model. Out: one table. What is cut off or contradicts itself is left
out and said: this reads weights for comparison, whether the file is honest is judged elsewhere.
Source: as `formats/gguf_tensors.py` and `formats/safetensors_header.py`.
"""

from collections.abc import Sequence
from math import prod
from typing import NamedTuple, TypeGuard

from weighbridge.formats.gguf_header import MAGIC, Broken, HeaderReader
from weighbridge.formats.gguf_tensors import DEFAULT_ALIGNMENT, Entry, read_table
from weighbridge.formats.json_text import parse
from weighbridge.formats.safetensors_header import LENGTH_BYTES, LONGEST_PARSED, MOST_DIMENSIONS
from weighbridge.formats.safetensors_types import BITS
from weighbridge.model.budget import Budget
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, LimitReached, SourceError

MOST_PARTS = 1000
LONGEST_DTYPE = 24
LARGEST_ALIGNMENT = 1 << 30


class Located(NamedTuple):
    """One tensor and where its bytes lie."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    """Outermost dimension first."""
    source: ByteSource
    offset: int
    size: int


@record
class Table:
    """All tensors of one model."""

    container: str
    """`gguf` or `safetensors`."""
    architecture: str
    """As the header declares it; empty if it does not."""
    tensors: tuple[Located, ...]


class NoTable(Exception):  # noqa: N818  (what the bytes are, not what went wrong here)
    """The bytes hold no weights that can be compared; the text says why."""


def locate(sources: Sequence[ByteSource]) -> Table:
    """Return the tensors of `sources`. Raises `NoTable` with the reason."""
    found: list[Located] = []
    kinds: set[str] = set()
    architecture = ""
    for source in sources[:MOST_PARTS]:
        try:
            if source.read(0, 4) == MAGIC:
                kinds.add("gguf")
                architecture = _gguf(source, found) or architecture
            else:
                kinds.add("safetensors")
                _safetensors(source, found)
        except Broken as broken:
            raise NoTable(broken.observation.reason) from None
        except (SourceError, LimitReached) as error:
            raise NoTable(str(error)) from None
    if len(kinds) != 1:
        raise NoTable("the parts are of different formats" if kinds else "there are no parts")
    if not found:
        raise NoTable("there are no tensors")
    return Table(container=kinds.pop(), architecture=architecture[:80], tensors=tuple(found))


def _gguf(source: ByteSource, found: list[Located]) -> str:
    budget = Budget()
    reader = HeaderReader(source, budget)
    entries: list[Entry] = []
    reader.read()
    header = reader.header
    if header.order == ">":
        raise NoTable("weights in big-endian order cannot be compared")
    read_table(reader.cursor, header.tensor_count, header.version, budget, entries)
    alignment = header.integer("general.alignment") or DEFAULT_ALIGNMENT
    if alignment & (alignment - 1) or not 1 <= alignment <= LARGEST_ALIGNMENT:
        raise NoTable(f"the alignment is {alignment}")
    start = -(-reader.cursor.position // alignment) * alignment
    found += (
        Located(tensor.name, tensor.dtype, tensor.shape, source, start + offset, size)
        for tensor, offset, size in entries
        if size is not None
    )
    return header.text("general.architecture") or ""


def _safetensors(source: ByteSource, found: list[Located]) -> None:
    length = int.from_bytes(source.read(0, LENGTH_BYTES), "little")
    if not 2 <= length <= min(source.size - LENGTH_BYTES, LONGEST_PARSED):
        raise NoTable("the file is neither GGUF nor safetensors, or its header is cut off")
    parsed = parse(source.read(LENGTH_BYTES, length))
    if not isinstance(parsed.value, dict):
        raise NoTable("the file is neither GGUF nor safetensors, or its header is damaged")
    for name, entry in parsed.value.items():
        if name == "__metadata__" or not isinstance(entry, dict):
            continue
        dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
        if (
            not isinstance(dtype, str)
            or not _counts(shape, MOST_DIMENSIONS)
            or not _counts(offsets, 2)
            or len(offsets) != 2
        ):
            continue
        size = prod(shape) * BITS.get(dtype, 0) // 8
        if offsets[1] - offsets[0] == size:
            at = LENGTH_BYTES + length + offsets[0]
            found.append(Located(name, dtype[:LONGEST_DTYPE], tuple(shape), source, at, size))


def _counts(values: object, most: int) -> TypeGuard[list[int]]:
    return isinstance(values, list) and len(values) <= most and all(type(one) is int and one >= 0 for one in values)
