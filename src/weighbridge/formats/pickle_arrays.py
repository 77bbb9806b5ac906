"""Arrays that joblib writes between the opcodes of a pickle: stepping over them exactly as joblib does.

Source: joblib `numpy_pickle.py` (`NumpyArrayWrapper.read_array`, `NumpyUnpickler.load_build`) and numpy's
`dtype.__reduce__`. After BUILD of a wrapper joblib reads, from the file itself, one byte with the length of the
padding, the padding, and the items; or a whole pickle of its own if the items are objects.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING

from weighbridge.formats.pickle_memo import Overlay
from weighbridge.formats.pickle_values import Container, Fault, Import, Result, origin
from weighbridge.formats.pickle_window import Window
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.pickle_program import Kind
from weighbridge.model.source import LimitReached

if TYPE_CHECKING:
    from weighbridge.formats.pickle_machine import Machine

_WRAPPER = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_CODE = re.compile(r"[|<>=]?([a-zA-Z?])([0-9]{0,9})\Z")
_ITEM_BYTES = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "l": 8, "L": 8, "q": 8, "Q": 8, "p": 8, "P": 8}
_ITEM_BYTES |= {"e": 2, "f": 4, "d": 8, "g": 16, "F": 8, "D": 16, "G": 32}
_HAS_OBJECTS = 1


def is_array_wrapper(value: Result) -> bool:
    """Tell whether joblib reads an array from the file after building `value`."""
    return origin(value) == _WRAPPER


def lookup(container: object, key: str) -> object:
    """Return the value for `key` in a dict of the stream, or None."""
    if isinstance(container, Container) and container.kind is Kind.DICT and container.items:
        items = container.items
        for index in range(len(items) - 2, -1, -2):
            if items[index] == key:
                return items[index + 1]
    return None


def skip_array(machine: Machine, wrapper: Result, pos: int) -> int:
    """Move `machine` behind the array that belongs to `wrapper`; return the new position in its window.

    Raises:
        Fault: the length of the array is not known or the file ends inside it.
    """
    window = machine.window
    start = window.base + pos
    machine.recorder.arrays += 1
    machine.budget.spend("arrays in a pickle", 1, 1_000_000)
    if machine.frame_end is not None and start < machine.frame_end:
        machine.recorder.disagreement(machine, "an array stands inside a frame")
        machine.frame_end = None
    elif machine.frame_end == start:
        machine.frame_end = None
    state = wrapper.state
    dtype = lookup(state, "dtype")
    if _has_objects(dtype):
        inner = type(machine)(window, machine.recorder, machine.budget, strict=machine.strict)
        machine.nested_runs += 1
        if machine.nested_runs > 10_000:
            raise LimitReached("arrays of objects in a pickle", 10_000)
        after, _value = inner.run(start)
        machine.opcodes += inner.opcodes
    else:
        _look_at_plain_reading(machine, start)
        shape = lookup(state, "shape")
        size = item_bytes(dtype)
        dimensions = [item for item in shape.items or () if type(item) is int] if isinstance(shape, Container) else []
        known = isinstance(shape, Container) and len(dimensions) == shape.count and all(n >= 0 for n in dimensions)
        if size is None or not known:
            machine.recorder.arrays_unknown = True
            raise Fault("an array of unknown length follows")
        after = start
        if lookup(state, "numpy_array_alignment_bytes") is not None:
            padding = window.peek(start, 1)
            if not padding:
                raise Fault("the file ends before an array", truncated=True)
            after += 1 + padding[0]
        after += prod(dimensions) * size
        if after > start and not window.peek(after - 1, 1):
            raise Fault("the file ends inside an array", truncated=True)
        machine.recorder.array_bytes += after - start
    if not window.base <= after < window.base + window.soft:
        window.move(after)
    return after - window.base


def _look_at_plain_reading(machine: Machine, start: int) -> None:
    """Follow the bytes of the array as a reader does that does not know joblib; note what it would do."""
    if machine.strict:
        return
    recorder = type(machine.recorder)(machine.recorder.nesting, machine.recorder.key)
    copy = type(machine)(
        Window(machine.window.source, start, 8192), recorder, Budget(Limits(opcodes=50_000)), strict=True
    )
    copy.stack = machine.stack[-1000:]
    copy.protocol = machine.protocol
    copy.memo = Overlay(machine.memo)
    try:
        copy.run(start)
    except Fault:
        pass
    except LimitReached:
        # So many legal opcodes are no numbers: something may come after them.
        machine.recorder.disagreement(machine, "the bytes of an array are a program for readers other than joblib")
    if recorder.called_names & set(recorder.imports):
        machine.recorder.absorb(recorder)
        machine.recorder.disagreement(machine, "the bytes of an array are a program for readers other than joblib")


def _has_objects(dtype: object) -> bool:
    if not isinstance(dtype, Result):
        return False
    code = _code(dtype)
    if code is not None and code[0] == "O":
        return True
    state = dtype.state
    flags = state.items[7] if isinstance(state, Container) and state.items and len(state.items) > 7 else 0
    return isinstance(flags, int) and bool(flags & _HAS_OBJECTS)


def item_bytes(dtype: object) -> int | None:
    """Return the bytes per item of a dtype of the stream, or None if that cannot be told."""
    if isinstance(dtype, Import) and dtype.module == "numpy":
        return _NAMED_BYTES.get(dtype.name)
    if not isinstance(dtype, Result):
        return None
    state = dtype.state
    if isinstance(state, Container) and state.items and len(state.items) > 5:
        declared = state.items[5]
        if type(declared) is int and declared >= 0:
            return declared
    code = _code(dtype)
    if code is None:
        return None
    letter, digits = code
    if letter in "fiucb" and digits:
        return int(digits)
    if letter in "SaV":
        return int(digits or 0)
    if letter == "U":
        return 4 * int(digits or 0)
    if letter in "mM":
        return 8
    return None if digits else _ITEM_BYTES.get(letter)


_NAMED_BYTES = {
    "bool_": 1, "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8,
    "uint64": 8, "float16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16, "longdouble": 16,
}  # fmt: skip


def _code(dtype: Result) -> tuple[str, str] | None:
    operands = dtype.operands
    if origin(dtype) != ("numpy", "dtype") or not isinstance(operands, Container) or not operands.items:
        return None
    text = operands.items[0]
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    match = _CODE.match(text) if isinstance(text, str) else None
    return (match[1], match[2]) if match else None
