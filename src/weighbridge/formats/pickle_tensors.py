"""Tensors in the value of a pickle, as PyTorch's rebuild functions describe them; no data is read.

Source: PyTorch `torch/_utils.py` (`_rebuild_tensor_v2` and its kin) and `torch/storage.py` for storage classes.
"""

from weighbridge.formats.pickle_values import Container, Import, Persistent, Result, origin
from weighbridge.formats.tensor_table import Tensor
from weighbridge.model.pickle_program import Kind

STORAGE_TYPES = {
    "FloatStorage": "F32", "DoubleStorage": "F64", "HalfStorage": "F16", "BFloat16Storage": "BF16",
    "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
    "BoolStorage": "BOOL", "ComplexFloatStorage": "C64", "ComplexDoubleStorage": "C128", "QInt8Storage": "QI8",
    "QUInt8Storage": "QU8", "QInt32Storage": "QI32", "QUInt4x2Storage": "QU4", "QUInt2x4Storage": "QU2",
    "UntypedStorage": "U8",
}  # fmt: skip
ELEMENT_BYTES = {
    "FloatStorage": 4, "DoubleStorage": 8, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8,
    "IntStorage": 4, "ShortStorage": 2, "CharStorage": 1, "ByteStorage": 1, "BoolStorage": 1,
    "ComplexFloatStorage": 8, "ComplexDoubleStorage": 16, "QInt8Storage": 1, "QUInt8Storage": 1,
    "QInt32Storage": 4, "QUInt4x2Storage": 1, "QUInt2x4Storage": 1, "UntypedStorage": 1,
}  # fmt: skip
_DTYPES = {
    "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2", "uint16": "U16", "uint32": "U32", "uint64": "U64",
    "bfloat16": "BF16", "float16": "F16", "float32": "F32", "float64": "F64",
}  # fmt: skip
_NESTED_STATE = ("state_dict", "model_state_dict", "model", "module", "net", "params", "weights", "ema")
NODES_LIMIT = 400_000
DEPTH_LIMIT = 24


def tensors_of(value: object) -> list[Tensor]:
    """Return every tensor reachable from `value`; a checkpoint's own state dict only, if it has one."""
    pairs = _pairs(value)
    for wanted in _NESTED_STATE:
        for key, inner in pairs:
            if key == wanted:
                found = _collect(inner)
                if found:
                    return found
    return _collect(value)


def _collect(value: object) -> list[Tensor]:
    found: list[Tensor] = []
    seen: set[int] = set()
    waiting: list[tuple[str, object, int]] = [("", value, 0)]
    while waiting and len(seen) < NODES_LIMIT:
        path, item, depth = waiting.pop()
        tensor = _tensor(item, path)
        if tensor is not None:
            found.append(tensor)
            continue
        if depth > DEPTH_LIMIT or id(item) in seen or not isinstance(item, (Container, Result)):
            continue
        seen.add(id(item))
        for key, inner in _pairs(item):
            if isinstance(inner, (Container, Result)):
                shown = str(key)[:200] if isinstance(key, (str, int)) else "?"
                bare = shown in ("_parameters", "_buffers", "_modules") or not shown
                waiting.append((path if bare else f"{path}.{shown}" if path else shown, inner, depth + 1))
    return found


def _pairs(value: object) -> list[tuple[object, object]]:
    """Return what can be walked into: keys with values, or positions with items."""
    pairs: list[tuple[object, object]] = []
    if isinstance(value, Result):
        pairs += _pairs(value.entries)
        if isinstance(value.state, Container):
            inner = _pairs(value.state)
            pairs += inner
        if value.entries is None and isinstance(value.operands, Container) and origin(value)[1] == "OrderedDict":
            for item in value.operands.items or ():
                for row in item.items or () if isinstance(item, Container) else ():
                    if isinstance(row, Container) and row.items and len(row.items) == 2:
                        pairs.append((row.items[0], row.items[1]))
        return pairs
    if isinstance(value, Container) and value.items:
        if value.kind is Kind.DICT:
            return list(zip(value.items[::2], value.items[1::2], strict=False))
        return list(enumerate(value.items))
    return pairs


def _tensor(value: object, name: str) -> Tensor | None:
    if not isinstance(value, Result) or not isinstance(value.callee, Import):
        return None
    operands = value.operands.items if isinstance(value.operands, Container) and value.operands.items else []
    rebuilt = value.callee.name
    if value.callee.module != "torch._utils":
        return None
    if rebuilt in ("_rebuild_parameter", "_rebuild_parameter_with_state") and operands:
        return _tensor(operands[0], name)
    if rebuilt not in ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor"):
        return None
    if len(operands) < 3 or not isinstance(operands[2], Container):
        return None
    shape = operands[2].items or []
    if not all(type(size) is int and 0 <= size < 1 << 50 for size in shape):
        return None
    dtype = storage_type(operands[0])
    if rebuilt == "_rebuild_tensor_v3" and len(operands) > 6 and isinstance(operands[6], Import):
        dtype = _DTYPES.get(operands[6].name, operands[6].name.upper())
    return Tensor(name, dtype, tuple(size for size in shape if isinstance(size, int)))


def storage_type(storage: object) -> str:
    """Return the tensor type of a persistent storage as safetensors spells it, or `?`."""
    parts = storage.id.items if isinstance(storage, Persistent) and isinstance(storage.id, Container) else None
    if parts and len(parts) > 1 and isinstance(parts[1], Import):
        return STORAGE_TYPES.get(parts[1].name, "?")
    return "?"
