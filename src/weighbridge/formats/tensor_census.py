"""Counting tensors as a reader of a graph meets them, one by one."""

from math import prod

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.tensor_table import Tensor, census, facts
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage
from weighbridge.model.source import LimitReached

MOST_TENSORS = 500_000
MOST_TABLE_BYTES = 96 << 20
"""Memory that a table may take: in formats that share names and shapes a small file can describe a huge one."""
MOST_DIMENSIONS = 255
"""TensorFlow, which allows most, ends at 254; the product of very many grows without bound."""
_PER_TENSOR, _PER_DIMENSION = 200, 48


class TensorCensus:
    """Collects the tensor table of a file whose header does not hold it in one piece."""

    def __init__(self) -> None:
        self._tensors: list[Tensor] = []
        self._bytes = 0

    def add(self, name: str, dtype: str, shape: tuple[int, ...]) -> int:
        """Count one tensor and return its number of values; a negative dimension counts as none.

        Args:
            name: as written.
            dtype: as safetensors spells it (`F32`, `I8`).
            shape: outermost dimension first.

        Raises:
            StructureError: more dimensions than any framework allows.
            LimitReached: more tensors, or more of their names and shapes, than a model has.
        """
        if len(shape) > MOST_DIMENSIONS:
            raise StructureError(Damage.INVALID, f"a tensor has {len(shape)} dimensions")
        if len(self._tensors) >= MOST_TENSORS:
            raise LimitReached("tensors", MOST_TENSORS)
        # A name is held once in the table and once in the canonical text that is hashed.
        self._bytes += _PER_TENSOR + 2 * len(name) + _PER_DIMENSION * len(shape)
        if self._bytes > MOST_TABLE_BYTES:
            raise LimitReached("tensor table bytes", MOST_TABLE_BYTES)
        kept = shape if all(size >= 0 for size in shape) else (0,)
        self._tensors.append(Tensor(name, dtype, kept))
        return prod(kept)

    @property
    def tensors(self) -> int:
        """Number of tensors counted so far."""
        return len(self._tensors)

    def report(self, gathering: Gathering, where: str) -> None:
        """Write the facts of the tensor table and the type that most values have as `quantization`."""
        if not self._tensors:
            return
        for fact in facts(self._tensors, where):
            gathering.fact(fact.name, fact.value, fact.source, fact.grade)
        gathering.fact("quantization", next(iter(census(self._tensors))), where, Grade.MEASURED)
