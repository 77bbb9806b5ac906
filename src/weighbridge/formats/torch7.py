"""Torch7 files (`.t7`): Lua tables, tensors and modules as `torch.save` of Lua Torch wrote them, in binary form.

Loading builds Lua functions from the byte code that stands in the file; byte code of LuaJIT is not checked before it
runs. Functions are therefore noted; they run when the model is used.
Source: torch7 `File.lua` (type numbers, `readObject`), `doc/serialization.md`; `Tensor.lua`, `Storage.c`.
"""

import struct

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, EmbeddedCode, Unread
from weighbridge.model.source import ByteSource

_TORCH = struct.pack("<iii", 4, 1, 3) + b"V 1"
_TABLE = struct.pack("<ii", 3, 1)
_FUNCTION = struct.pack("<ii", 8, 1)
_DUMP = b"\x1bL"
_NIL, _NUMBER, _STRING, _TABLES, _OBJECT, _BOOLEAN = range(6)
_FUNCTIONS = frozenset({6, 7, 8})
WIDTHS = {
    "Byte": ("U8", 1), "Char": ("I8", 1), "Short": ("I16", 2), "Int": ("I32", 4), "Long": ("I64", 8),
    "Float": ("F32", 4), "Double": ("F64", 8), "Half": ("F16", 2), "Cuda": ("F32", 4), "CudaHalf": ("F16", 2),
    "CudaDouble": ("F64", 8), "CudaLong": ("I64", 8), "CudaInt": ("I32", 4), "CudaByte": ("U8", 1),
}  # fmt: skip
MOST_OBJECTS = 500_000
LONGEST_TEXT = 1 << 20


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether a torch object of version 1, a table with keys, or a Lua function stands at the start."""
    if head.startswith(_TORCH):
        return True
    if head.startswith(_FUNCTION):
        return head[12:14] == _DUMP
    if not head.startswith(_TABLE) or len(head) < 24:
        return False
    size, kind, length = struct.unpack("<iii", head[8:20])
    if not 0 < size < 1 << 20:
        return False
    if kind == _STRING:
        return 0 < length < 200 and head[20 : 20 + min(length, 8)].isascii()
    return kind == _NUMBER and head[16:24] == struct.pack("<d", 1.0)


class _Walker:
    """Reads objects one after the other; what belongs to an object waits on a stack, not in calls."""

    def __init__(self, source: ByteSource, budget: Budget, gathering: Gathering) -> None:
        self.source, self.budget, self.gathering = source, budget, gathering
        self.position = 0
        self.seen: set[int] = set()
        self.census = TensorCensus()

    def take(self, length: int) -> bytes:
        if length < 0 or self.position + length > self.source.size:
            raise StructureError(Damage.TRUNCATED, "a value leaves the file", self.position)
        self.position += length
        return self.source.read(self.position - length, length)

    def integer(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def text(self) -> bytes:
        length = self.integer()
        if not 0 <= length <= LONGEST_TEXT:
            raise StructureError(Damage.INVALID, f"a text claims {length} bytes", self.position)
        return self.take(length)

    def skip(self, length: int) -> None:
        if length < 0 or self.position + length > self.source.size:
            raise StructureError(Damage.CONTRADICTION, "an array leaves the file", self.position)
        self.position += length

    def run(self) -> None:
        waiting = 1
        while waiting:
            waiting -= 1
            self.budget.spend("Torch7 objects", 1, MOST_OBJECTS)
            waiting += self.object()
        if self.position < self.source.size:
            more = self.source.size - self.position
            self.gathering.damaged(Damage.CONTRADICTION, f"{more} bytes follow the last object", self.position)

    def object(self) -> int:
        """Read the start of one object; return how many objects follow that belong to it."""
        at = self.position
        kind = self.integer()
        if kind == _NIL:
            return 0
        if kind in (_NUMBER, _BOOLEAN):
            self.skip(8 if kind == _NUMBER else 4)
            return 0
        if kind == _STRING:
            self.text()
            return 0
        if kind not in (_TABLES, _OBJECT) and kind not in _FUNCTIONS:
            raise StructureError(Damage.INVALID, f"type {kind} does not exist", at)
        if kind != 6:
            index = self.integer()
            if index in self.seen:
                return 0
            self.seen.add(index)
        if kind in _FUNCTIONS:
            self.skip(self.integer())
            description = "a Lua function as byte code, which runs when the model is used"
            self.gathering.observe(EmbeddedCode(kind="lua", description=description, offset=at))
            return 1
        if kind == _TABLES:
            size = self.integer()
            if size < 0 or size > self.source.size:
                raise StructureError(Damage.CONTRADICTION, f"a table claims {size} entries", at)
            return 2 * size
        return self.torch(at)

    def torch(self, at: int) -> int:
        name = self.text()
        if name.startswith(b"V "):
            name = self.text()
        shown = name.decode("utf-8", "backslashreplace")
        package, _, short = shown.partition(".")
        stem = short.removesuffix("Tensor").removesuffix("Storage")
        if package != "torch" or stem not in WIDTHS:
            if "architecture" not in self.gathering.scratch:
                self.gathering.scratch["architecture"] = {shown}
                self.gathering.fact("architecture", shown[:200], "class name")
            return 1
        dtype, width = WIDTHS[stem]
        if short.endswith("Storage"):
            self.skip(int.from_bytes(self.take(8), "little", signed=True) * width)
            return 0
        dimensions = self.integer()
        if not 0 <= dimensions <= 64:
            raise StructureError(Damage.INVALID, f"a tensor claims {dimensions} dimensions", at)
        shape = struct.unpack(f"<{dimensions}q", self.take(8 * dimensions))
        self.skip(8 * dimensions + 8)
        if any(size < 0 for size in shape):
            raise StructureError(Damage.INVALID, "a tensor has a negative dimension", at)
        self.census.add("", dtype, shape)
        return 1


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    if source.read(0, 2) == b"4\n":
        gathering.observe(Unread(what="content", reason="a Torch7 file in text form"))
        return
    walker = _Walker(source, budget, gathering)
    try:
        walker.run()
    except StructureError as error:
        # Classes may write themselves in a way of their own; then nothing behind them can be followed.
        gathering.observe(Unread(what="content", reason=f"{error.reason} at {error.offset}"))
    walker.census.report(gathering, "tensors")
    gathering.skipped.append("tensor data: holds no code")


READER = Reader(
    id="torch7",
    title="Torch7",
    recognize=lambda source, head: head.startswith(b"4\n1\n3\nV 1\n") or recognize(source, head),
    read=gathered("torch7", _read),
    signatures=tuple(Signature(magic=magic) for magic in (_TORCH, _TABLE, _FUNCTION, b"4\n1\n3\nV 1\n")),
    suffixes=(".t7",),
)
