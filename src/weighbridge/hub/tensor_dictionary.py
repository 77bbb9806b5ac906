"""A checkpoint that is nothing but names and tensors: what it would take to write it without a pickle.

The pickle is followed symbolically; nothing it names is imported, called or built. Whatever is more than a dictionary
of tensors that each lie in a storage of their file, in order, is refused: a person decides about that.

Source: PyTorch `torch/serialization.py` (`_save`), `torch/_utils.py` (`_rebuild_tensor_v2`), `torch/storage.py`.
"""

from collections.abc import Mapping

from weighbridge.formats.pickle import TORCH_MAGIC
from weighbridge.formats.pickle_streams import Streams, read_streams
from weighbridge.formats.pickle_tensors import ELEMENT_BYTES, STORAGE_TYPES
from weighbridge.formats.pickle_values import Container, Import, Persistent, Result
from weighbridge.formats.reader import Role
from weighbridge.formats.safetensors_types import BITS
from weighbridge.formats.zip_children import children_of
from weighbridge.formats.zip_directory import parse
from weighbridge.model.budget import Budget
from weighbridge.model.pickle_program import Kind
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, BytesSource, LimitReached, SliceSource, SourceError

_PROGRAM = "data.pkl"
_DICTIONARY = ("collections", "OrderedDict")
_TENSOR, _PARAMETER = ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_parameter")
_ALLOWED = frozenset({_DICTIONARY, _TENSOR, _PARAMETER, *(("torch", name) for name in STORAGE_TYPES)})
LONGEST_NAME = 1_000
_ZIP = b"PK\x03\x04"
_LEGACY_STREAMS, _LEGACY_VERSION = 5, 1001
_LENGTH = 8
_ZIP_PARTS = 5
"""Parts of what names a storage; the form before has one more, for storages that are part of another."""
_NOTHING = BytesSource(b"")
Named = list[tuple[str, object]]


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
    """Return the tensors of a checkpoint of PyTorch, sorted by name: of its ZIP form, or of the one before version 1.6.

    Raises:
        NotSimpleError: it is anything else.
    """
    try:
        named, storages = _of_zip(source) if source.read(0, 4) == _ZIP else _of_legacy(source)
        return sorted((_tensor(name, value, storages) for name, value in named), key=lambda one: one.name)
    except (SourceError, LimitReached) as error:
        raise NotSimpleError(f"it cannot be read: {error}") from error


def _of_zip(source: ByteSource) -> tuple[Named, dict[str, ByteSource]]:
    """Return what is in the dictionary of a file in ZIP form, and its storages by their keys."""
    budget = Budget()
    children, unread = children_of(source, parse(source, budget), budget, Role.PART)
    if unread:
        raise NotSimpleError("the archive has members that cannot be read")
    programs = [child for child in children if child.member.rpartition("/")[2] == _PROGRAM]
    if len(programs) != 1:
        raise NotSimpleError(f"it has {len(programs)} pickles called {_PROGRAM}, not one")
    folder = programs[0].member.removesuffix(_PROGRAM)
    members = {child.member: child.source for child in children}
    order = members.get(f"{folder}byteorder")
    if order is not None and order.read(0, 16) != b"little":
        raise NotSimpleError("its numbers are not little-endian")
    (value,) = _followed(read_streams(programs[0].source, budget), 1)
    within = f"{folder}data/"
    return _dictionary(value), {
        name.removeprefix(within): one for name, one in members.items() if name.startswith(within)
    }


def _of_legacy(source: ByteSource) -> tuple[Named, dict[str, ByteSource]]:
    """Return the same of a file in the form before: five pickles, then of each storage its length and its numbers.

    Source: PyTorch `torch/serialization.py` (`_legacy_save`).
    """
    streams = read_streams(source, Budget(), most=_LEGACY_STREAMS)
    if not streams.values or streams.values[0] != TORCH_MAGIC:
        raise NotSimpleError("it is in none of the forms that PyTorch writes")
    _, version, system, value, keys = _followed(streams, _LEGACY_STREAMS)
    said = _items(system)
    if version != _LEGACY_VERSION or ("little_endian", True) not in zip(said[::2], said[1::2], strict=False):
        raise NotSimpleError("its numbers are not little-endian")
    storages: dict[str, ByteSource] = {}
    at = streams.end
    for key in _items(keys):
        kind, elements = streams.recorder.storages.get(key, ("", 0)) if isinstance(key, str) else ("", 0)
        if kind not in ELEMENT_BYTES or not isinstance(key, str) or key in storages:
            raise NotSimpleError("it has a storage that no tensor is of")
        size = elements * ELEMENT_BYTES[kind]
        if int.from_bytes(source.read(at, _LENGTH), "little") != elements or at + _LENGTH + size > source.size:
            raise NotSimpleError("a storage of it is not as long as its pickle says")
        storages[key] = SliceSource(source, at + _LENGTH, size)
        at += _LENGTH + size
    if at != source.size:
        raise NotSimpleError("something stands behind its end")
    return _dictionary(value), storages


def _followed(streams: Streams, count: int) -> list[object]:
    """Return the values of all pickles, which name nothing but what tensors are made of."""
    if streams.faulty or len(streams.values) != count:
        raise NotSimpleError("its pickle cannot be followed to its end")
    if strangers := sorted(set(streams.recorder.imports) - _ALLOWED):
        raise NotSimpleError(f"it is more than tensors: {'.'.join(strangers[0])[:100]}")
    return streams.values


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


def _tensor(name: str, value: object, storages: Mapping[str, ByteSource]) -> PlannedTensor:
    operands = _operands(name, value)
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
    # Of an empty storage an archive need not hold anything.
    storage = storages.get(key, _NOTHING)
    begin, size = offset * width if count else 0, count * width
    if begin + size > storage.size:
        raise NotSimpleError(f"{name[:100]} lies outside of its storage")
    return PlannedTensor(name=name, dtype=dtype, shape=shape, storage=storage, begin=begin, size=size)


def _operands(name: str, value: object) -> list[object]:
    """Return what a tensor is made of: its storage, where it begins there, its shape, its strides."""
    if isinstance(value, Result) and _callee(value) == _PARAMETER:
        operands = _items(value.operands)
        value = operands[0] if operands else None
    if not isinstance(value, Result) or _callee(value) != _TENSOR or value.state is not None:
        raise NotSimpleError(f"{name[:100]} is no tensor")
    operands = _items(value.operands)
    if len(operands) < 4:
        raise NotSimpleError(f"{name[:100]} lacks its shape")
    return operands


def _storage(name: str, value: object) -> tuple[str, str]:
    """Return the kind and the key of a storage."""
    parts = _items(value.id) if isinstance(value, Persistent) else []
    word, kind, key = parts[:3] if len(parts) >= 3 else ("", None, None)
    if word != "storage" or not isinstance(kind, Import) or not isinstance(key, str) or not key.isalnum():
        raise NotSimpleError(f"{name[:100]} has no storage")
    if len(parts) > _ZIP_PARTS and parts[_ZIP_PARTS] is not None:
        raise NotSimpleError(f"{name[:100]} is a view of another storage")
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
