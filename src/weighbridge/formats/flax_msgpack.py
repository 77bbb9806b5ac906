"""Flax and JAX weights as MessagePack (`flax_model.msgpack`).

Source: `flax/serialization.py` (extension type 1: shape, dtype name, bytes) and the MessagePack specification. The
format holds no code; arrays are passed over.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, SourceError

_ARRAY = 1
_MOST_VALUES = 400_000
_DEPTH = 60
_TYPES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16", "float64": "F64", "int8": "I8", "uint8": "U8",
          "int32": "I32", "int64": "I64", "uint32": "U32", "int16": "I16", "bool": "BOOL"}  # fmt: skip
_FIXED = {0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8, 0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}


class _Walker:
    def __init__(self, source: ByteSource, census: TensorCensus) -> None:
        self.source = source
        self.census = census
        self.position = 0
        self.values = 0
        self.arrays = 0

    def take(self, length: int) -> bytes:
        piece = self.source.read(self.position, length)
        if len(piece) < length:
            raise StructureError(Damage.TRUNCATED, "ends inside a value", self.position)
        self.position += length
        return piece

    def skip(self, length: int) -> None:
        if length > self.source.size - self.position:
            raise StructureError(Damage.TRUNCATED, "a value is longer than the file", self.position)
        self.position += length

    def number(self, width: int) -> int:
        return int.from_bytes(self.take(width), "big")

    def value(self, path: str, depth: int) -> object:
        """Follow one value; returns integers, strings and short lists, for shapes and keys."""
        self.values += 1
        if self.values > _MOST_VALUES or depth > _DEPTH:
            raise StructureError(Damage.INVALID, "more values or levels than any model has", self.position)
        head = self.number(1)
        if head < 0x80 or head >= 0xE0 or head in (0xC0, 0xC2, 0xC3):
            return head
        if head < 0x90 or head in (0xDE, 0xDF):
            count = head & 15 if head < 0x90 else self.number(2 if head == 0xDE else 4)
            for _ in range(count):
                key = self.value(path, depth + 1)
                self.value(f"{path}/{key}"[-400:], depth + 1)
            return None
        if head < 0xA0 or head in (0xDC, 0xDD):
            count = head & 15 if head < 0xA0 else self.number(2 if head == 0xDC else 4)
            return [self.value(path, depth + 1) for _ in range(count)]
        if head < 0xC0 or head in (0xD9, 0xDA, 0xDB):
            length = head & 31 if head < 0xC0 else self.number(1 << (head - 0xD9))
            start = self.position
            self.skip(length)
            return self.source.read(start, min(length, 400)).decode("utf-8", "backslashreplace")
        if head in _FIXED:
            return self.number(_FIXED[head])
        if head in (0xC4, 0xC5, 0xC6):
            self.skip(self.number(1 << (head - 0xC4)))
            return None
        self._extension(head, path, depth)
        return None

    def _extension(self, head: int, path: str, depth: int) -> None:
        if 0xD4 <= head <= 0xD8:
            length = 1 << (head - 0xD4)
        elif head in (0xC7, 0xC8, 0xC9):
            length = self.number(1 << (head - 0xC7))
        else:
            raise StructureError(Damage.INVALID, f"type {head:#x} does not exist", self.position)
        kind = self.number(1)
        end = self.position + length
        if kind == _ARRAY:
            described = self.value(path, depth + 1)
            if isinstance(described, list) and len(described) == 3 and isinstance(described[0], list):
                shape = tuple(size for size in described[0] if isinstance(size, int))
                dtype = str(described[1])[:40]
                self.census.add(path, _TYPES.get(dtype, dtype.upper()), shape)
                self.arrays += 1
        if end > self.source.size:
            raise StructureError(Damage.TRUNCATED, "an array is longer than the file", self.position)
        self.position = end


def could_be(head: bytes) -> bool:
    """Tell whether a map begins here whose first key is a short name."""
    if not head or not (0x81 <= head[0] <= 0x8F or head[0] == 0xDE) or len(head) < 16:
        return False
    at = 1 if head[0] != 0xDE else 3
    return 0xA1 <= head[at] <= 0xBF and head[at + 1 : at + 1 + (head[at] & 31)].replace(b"_", b"a").isalnum()


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether an array of Flax stands among the first values."""
    if not could_be(head):
        return False
    walker = _Walker(_Head(source), TensorCensus())
    try:
        walker.value("", 0)
    except (StructureError, SourceError, RecursionError):
        pass
    return walker.arrays > 0


class _Head:
    """The beginning of a source under the size of the whole, so that arrays are passed over but not searched far."""

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.size = source.size
        self.name = source.name
        self._reads = 400

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes, a limited number of times."""
        self._reads -= 1
        if self._reads < 0:
            raise SourceError("looked at enough")
        return self._source.read(offset, length)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    census = TensorCensus()
    walker = _Walker(source, census)
    gathering.fact("producer", "flax", "format")
    try:
        walker.value("", 0)
        if walker.position != source.size:
            gathering.damaged(Damage.INVALID, "something follows the model", walker.position)
    finally:
        census.report(gathering, "arrays")
    gathering.skipped.append("arrays: hold numbers only")


READER = Reader(
    id="flax-msgpack",
    title="Flax MessagePack",
    recognize=recognize,
    read=gathered("flax-msgpack", _read),
    could_be=could_be,
    begins=bytes((*range(0x81, 0x90), 0xDE)),
)
