r"""The one canonical form of a tensor table, so that the same weights match across formats.

Readers that know every tensor's name, type and shape without reading data (GGUF, safetensors, PyTorch, ONNX,
HDF5, ...) build `Tensor` values and call `facts`. Two files with equal `tensor_table.sha256` hold tensors of the
same names, types and shapes; their values may differ.

The canonical text has one line `name|type|shape` per tensor, sorted by its UTF-8 bytes, each ended by a line feed:
- name: as written, with backslash, `|` and line feed written as `\\`, `\|` and `\n`;
- type: upper case, as safetensors and ggml spell it (`F32`, `F16`, `BF16`, `F64`, `I8`, `I16`, `I32`, `I64`, `U8`,
  `BOOL`, `C64`, `F8_E4M3`, `Q4_K`); writers with other spellings (`float32`, `torch.float`) are mapped by their reader;
- shape: outermost dimension first, joined with `x` (GGUF stores the opposite order); empty for a scalar.
The digest is SHA-256 of that text, lower-case hex.
"""

import hashlib
from collections.abc import Iterable, Sequence
from math import prod
from typing import NamedTuple

from weighbridge.model.fact import Fact, FactValue, Grade


class Tensor(NamedTuple):
    """One tensor as its header describes it."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    """Outermost dimension first."""

    @property
    def elements(self) -> int:
        """Number of values: 1 for a scalar."""
        return prod(self.shape)


def digest(tensors: Iterable[Tensor]) -> str:
    """Return the SHA-256 of the canonical text of `tensors`, lower-case hex."""
    hashed = hashlib.sha256()
    for line in sorted(_line(tensor) for tensor in tensors):
        hashed.update(line)
    return hashed.hexdigest()


def census(tensors: Iterable[Tensor]) -> dict[str, int]:
    """Return the number of values by tensor type, most frequent first."""
    counts: dict[str, int] = {}
    for tensor in tensors:
        counts[tensor.dtype] = counts.get(tensor.dtype, 0) + tensor.elements
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def shares(counts: dict[str, int], most: int = 4) -> str:
    """Return a census for a person: `Q4_K 80 %, Q6_K 20 %`."""
    total = sum(counts.values())
    if not total:
        return "no values"
    return ", ".join(f"{dtype} {100 * count / total:.0f} %" for dtype, count in list(counts.items())[:most])


def facts(tensors: Sequence[Tensor], source: str) -> tuple[Fact, ...]:
    """Return the measured facts `parameters`, `tensors`, `tensor_types` and `tensor_table.sha256`.

    Args:
        tensors: the whole table.
        source: where it stands, for a person (`tensor table`).
    """
    counts = census(tensors)
    types: FactValue = dict(counts)
    return (
        Fact(name="parameters", value=sum(counts.values()), grade=Grade.MEASURED, source=source),
        Fact(name="tensors", value=len(tensors), grade=Grade.MEASURED, source=source),
        Fact(name="tensor_types", value=types, grade=Grade.MEASURED, source=source),
        Fact(name="tensor_table.sha256", value=digest(tensors), grade=Grade.MEASURED, source=source),
    )


def _line(tensor: Tensor) -> bytes:
    name = tensor.name.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")
    return f"{name}|{tensor.dtype}|{'x'.join(map(str, tensor.shape))}\n".encode("utf-8", "surrogatepass")
