"""A checkpoint that is nothing but names and tensors: what it would take to write it without a pickle.

The pickle is followed symbolically; nothing it names is imported, called or built. Whatever is more than a dictionary
of tensors that each lie in a storage of their file, in order, is refused: a person decides about that.

Source: PyTorch `torch/serialization.py` (`_save`), `torch/_utils.py` (`_rebuild_tensor_v2`), `torch/storage.py`.
"""

from weighbridge.formats.pickle_streams import read_streams
from weighbridge.formats.pickle_tensors import ELEMENT_BYTES, STORAGE_TYPES
from weighbridge.formats.pickle_values import Container, Import, Persistent, Result
from weighbridge.formats.reader import Child, Role
from weighbridge.formats.safetensors_types import BITS
from weighbridge.formats.zip_children import children_of
from weighbridge.formats.zip_directory import parse
from weighbridge.model.budget import Budget
from weighbridge.model.pickle_program import Kind
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, LimitReached, SourceError

_PROGRAM = "data.pkl"
_DICTIONARY = ("collections", "OrderedDict")
_TENSOR, _PARAMETER = ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter")
_ALLOWED = frozenset({_DICTIONARY, _TENSOR, _PARAMETER, *(("torch", name) for name in STORAGE_TYPES)})
LONGEST_NAME = 1_000


class NotSimpleError(Exception):
    """It is more, or less, than a dictionary of tensors; with a sentence for people."""


@record
class PlannedTensor:
    """One tensor, and where its bytes lie."""

    name: str
    dtype: str
    """As safetensors spells it."""
    shape: tuple[int, ...]
    storage: ByteSource
    begin: int
    """First byte in the storage."""
    size: int
    """Bytes."""


def plan(source: ByteSource) -> list[PlannedTensor]:
    """Return the tensors of a checkpoint in PyTorch's ZIP form, sorted by name. Raises NotSimpleError."""
    try:
        budget = Budget()
        children, unread = children_of(source, parse(source, budget), budget, Role.PART)
        if unread:
            raise NotSimpleError("the archive has members that cannot be read")
        programs = [child for child in children if child.member.rpartition("/")[2] == _PROGRAM]
        if len(programs) != 1:
            raise NotSimpleError(f"it has {len(programs)} pickles called {_PROGRAM}, not one")
        folder = programs[0].member.removesuffix(_PROGRAM)
        members = {child.member: child for child in children}
        order = members.get(f"{folder}byteorder")
        if order is not None and order.source.read(0, 16) != b"little":
            raise NotSimpleError("its numbers are not little-endian")
        streams = read_streams(programs[0].source, budget)
        if streams.faulty or len(streams.values) != 1:
            raise NotSimpleError("its pickle cannot be followed to its end")
        if strangers := sorted(set(streams.recorder.imports) - _ALLOWED):
            raise NotSimpleError(f"it is more than tensors: {'.'.join(strangers[0])[:100]}")
        pairs = _dictionary(streams.values[0])
        return sorted((_tensor(name, value, folder, members) for name, value in pairs), key=lambda one: one.name)
    except (SourceError, LimitReached) as error:
        raise NotSimpleError(f"it cannot be read: {error}") from error


def _dictionary(value: object) -> list[tuple[str, object]]:
    """Return names and values of a plain or an ordered dictionary."""
    if isinstance(value, Result) and _callee(value) == _DICTIONARY and not _items(value.operands):
        value = value.entries
    if not isinstance(value, Container) or value.kind is not Kind.DICT or not value.items:
        raise NotSimpleError("it is no dictionary of tensors")
    if value.tainted or len(value.items) != value.count:
        raise NotSimpleError("it has more entries than are followed")
    pairs: dict[str, object] = {}
    for name, inner in zip(value.items[::2], value.items[1::2], strict=True):
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or name in pairs or name == "__metadata__":
            raise NotSimpleError("a key of it is no name of a tensor")
        pairs[name] = inner
    return list(pairs.items())


def _tensor(name: str, value: object, folder: str, members: dict[str, Child]) -> PlannedTensor:
    if isinstance(value, Result) and _callee(value) == _PARAMETER:
        operands = _items(value.operands)
        value = operands[0] if operands else None
    if not isinstance(value, Result) or _callee(value) != _TENSOR or value.state is not None:
        raise NotSimpleError(f"{name[:100]} is no tensor")
    operands = _items(value.operands)
    if len(operands) < 4:
        raise NotSimpleError(f"{name[:100]} lacks its shape")
    shape, strides, offset = _numbers(operands[2]), _numbers(operands[3]), operands[1]
    kind, key = _storage(name, operands[0])
    width, dtype = ELEMENT_BYTES[kind], STORAGE_TYPES[kind]
    if dtype not in BITS or kind == "UntypedStorage":
        raise NotSimpleError(f"{name[:100]} has numbers that safetensors does not have: {kind}")
    if shape is None or strides is None or len(shape) != len(strides) or type(offset) is not int or offset < 0:
        raise NotSimpleError(f"{name[:100]} has a shape that is none")
    count = 1
    for size, stride in zip(reversed(shape), reversed(strides), strict=True):
        if size > 1 and stride != count:
            raise NotSimpleError(f"{name[:100]} does not lie in order in its storage")
        count *= size
    child = members.get(f"{folder}data/{key}")
    begin, size = offset * width, count * width
    if child is None or begin + size > child.source.size:
        raise NotSimpleError(f"{name[:100]} lies outside of its storage")
    return PlannedTensor(name=name, dtype=dtype, shape=shape, storage=child.source, begin=begin, size=size)


def _storage(name: str, value: object) -> tuple[str, str]:
    """Return the kind and the key of a storage."""
    parts = _items(value.id) if isinstance(value, Persistent) else []
    word, kind, key = parts[:3] if len(parts) >= 3 else ("", None, None)
    if word != "storage" or not isinstance(kind, Import) or not isinstance(key, str) or not key.isalnum():
        raise NotSimpleError(f"{name[:100]} has no storage")
    if kind.module != "torch" or kind.name not in STORAGE_TYPES:
        raise NotSimpleError(f"{name[:100]} has numbers of an unknown kind")
    return kind.name, key


def _numbers(value: object) -> tuple[int, ...] | None:
    """Return a tuple of sizes; None if it is none."""
    if not isinstance(value, Container) or value.kind is not Kind.TUPLE:
        return None
    items = _items(value)
    good = len(items) == value.count and all(type(one) is int and 0 <= one < 1 << 40 for one in items)
    return tuple(one for one in items if isinstance(one, int)) if good else None


def _items(value: object) -> list[object]:
    return list(value.items or []) if isinstance(value, Container) else []


def _callee(value: Result) -> tuple[str, str]:
    return (value.callee.module, value.callee.name) if isinstance(value.callee, Import) else ("", "")
