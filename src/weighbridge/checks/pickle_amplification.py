"""Calls of plain types that a few bytes make enormous: what a loader would fill its memory with, or count for ever.

Nothing of this runs code, and no pickler writes any of it: containers come with their items, fractions as two numbers,
arrays with an empty shape that their state replaces. Source: the reductions of `collections`, `fractions`, `ipaddress`
and numpy `_core/multiarray.py`.
"""

import re

from weighbridge.model.pickle_program import Kind, Operand, PickleCall

_BUILTINS = ("builtins", "__builtin__")
_UNROLLING = {
    *((module, name) for module in _BUILTINS for name in ("bytearray", "bytes", "dict", "frozenset", "list", "set")),
    *((module, "tuple") for module in _BUILTINS),
    *(("collections", name) for name in ("Counter", "OrderedDict", "UserList", "defaultdict", "deque")),
    ("array", "array"),
    ("numpy", "array"),
}
"""What asks its operand for every item."""
_NETWORKS = {("ipaddress", "IPv4Network"), ("ipaddress", "IPv6Network")}
_RANGES = {(module, name) for module in _BUILTINS for name in ("range", "xrange")}
_ARRAYS = {
    ("numpy", "ndarray"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}
_EXPONENT = re.compile(r"[eE][-+]?[0-9_]{4,}")


def amplification(call: PickleCall) -> str | None:
    """Return what is enormous about `call`, as the end of a sentence, or None."""
    callee = (call.callee.module, call.callee.name)
    items = call.operands.items
    if callee in _UNROLLING and any(map(_is_endless, items)):
        return f"has {callee[1]} unroll more items than the file could hold"
    if callee in _ARRAYS and any(map(_holds_large, items)):
        return f"asks {callee[1]} for more memory than the file could fill"
    if callee == ("fractions", "Fraction") and any(_EXPONENT.search(str(item.value)) for item in items):
        return "makes a fraction of a number with thousands of digits"
    if callee[0] in _BUILTINS and callee[1] == "int" and any(_is_decimal(item) for item in items):
        return "makes a whole number of a decimal one with any number of digits"
    return None


def _is_endless(operand: Operand) -> bool:
    made_by = (operand.module, operand.name)
    if operand.kind is not Kind.RESULT:
        return False
    return made_by in _NETWORKS or (made_by in _RANGES and any(map(_holds_large, operand.items)))


def _holds_large(operand: Operand) -> bool:
    return operand.kind is Kind.LARGE_INT or (
        operand.kind is Kind.TUPLE and any(item.kind is Kind.LARGE_INT for item in operand.items)
    )


def _is_decimal(operand: Operand) -> bool:
    return operand.kind is Kind.RESULT and (operand.module, operand.name) == ("decimal", "Decimal")
