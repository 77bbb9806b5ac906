"""Texts that constant expressions of Python source amount to, so that pieces cannot hide a name."""

import ast
import base64
import binascii
import codecs
from collections.abc import Callable

LONGEST = 1 << 16
DECODERS: dict[str, Callable[..., object]] = {
    "base64.b64decode": base64.b64decode,
    "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.standard_b64decode": base64.standard_b64decode,
    "base64.decodebytes": base64.decodebytes,
    "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode,
    "base64.b85decode": base64.b85decode,
    "base64.a85decode": base64.a85decode,
    "binascii.unhexlify": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64,
    "bytes.fromhex": lambda text: bytes.fromhex(text if isinstance(text, str) else text.decode()),
}
TEXT_METHODS = frozenset({"lower", "upper", "strip", "swapcase", "title", "capitalize"})
ENCODINGS = frozenset({"utf-8", "utf8", "ascii", "latin-1", "latin1", "rot13", "rot_13", "hex"})


def text_of(node: ast.expr | None, called: str = "") -> str | None:
    """Return the text (bytes as Latin-1) that `node` is for certain; None if it is not constant text.

    Args:
        node: an expression.
        called: dotted name of the callee if `node` is a call and the caller has resolved it.
    """
    try:
        value = _fold(node, called)
    except (ValueError, TypeError, IndexError, RecursionError, LookupError, OverflowError):
        return None
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else None


def _fold(node: ast.expr | None, called: str = "") -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([_fold(left), _fold(right)])
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            pattern, values = _fold(left), _fold(right)
            if isinstance(pattern, str) and not any(c.isdigit() or c == "*" for c in pattern):
                return pattern % (tuple(values) if isinstance(values, list) else values)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            text, times = _fold(left), _fold(right)
            if isinstance(text, str | bytes) and isinstance(times, int) and len(text) * times <= LONGEST:
                return text * times
        case ast.JoinedStr(values=values):
            return _joined([_fold(value) for value in values])
        case ast.FormattedValue(value=value, format_spec=None):
            return str(_fold(value))
        case ast.List(elts=items) | ast.Tuple(elts=items):
            return [_fold(item) for item in items[:LONGEST]]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _fold(operand)
            return -number if isinstance(number, int) else None
        case ast.Subscript(value=whole, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            sliced = _fold(whole)
            if isinstance(sliced, str | bytes | list):
                return sliced[_bound(lower) : _bound(upper) : _bound(step)]
        case ast.Subscript(value=whole, slice=index):
            indexed, position = _fold(whole), _fold(index)
            if isinstance(indexed, str | list) and isinstance(position, int):
                return indexed[position]
        case ast.Call():
            return _call(node, called)
    raise ValueError


def _bound(node: ast.expr | None) -> int | None:
    bound = None if node is None else _fold(node)
    if bound is not None and not isinstance(bound, int):
        raise ValueError
    return bound


def _call(node: ast.Call, called: str) -> object:
    arguments = [_fold(argument) for argument in node.args]
    first = arguments[0] if arguments else None
    if called in DECODERS and isinstance(first, str | bytes) and len(first) <= LONGEST:
        return DECODERS[called](first)
    if called == "codecs.decode" and isinstance(first, str | bytes) and len(arguments) == 2:
        return _decoded(first, arguments[1])
    match node.func:
        case ast.Name(id="chr"):
            return chr(first) if isinstance(first, int) else None
        case ast.Name(id="str" | "bytes") if len(arguments) == 1:
            if isinstance(first, list) and all(isinstance(item, int) for item in first):
                return bytes(first)
            return first if isinstance(first, str | bytes) else None
        case ast.Name(id="bytearray") if isinstance(first, list):
            return bytes(first)
        case ast.Attribute(value=base, attr=method):
            value = _fold(base)
            if method == "join" and isinstance(value, str | bytes) and isinstance(first, list | str):
                return _joined([part for item in first for part in (value, item)][1:])
            if method in TEXT_METHODS and isinstance(value, str) and not arguments:
                return getattr(value, method)()
            if method == "replace" and isinstance(value, str) and len(arguments) == 2:
                old, new = arguments
                if isinstance(old, str) and isinstance(new, str) and (len(value) + 1) * len(new) <= LONGEST:
                    return value.replace(old, new)
            if method == "format" and isinstance(value, str) and not any(c in value for c in ":!.["):
                return value.format(*arguments)
            if method in ("decode", "encode", "hex") and isinstance(value, str | bytes):
                return _decoded(value, first) if first in ("rot13", "rot_13", "hex") else value
    raise ValueError


def _decoded(value: str | bytes, encoding: object) -> object:
    if encoding not in ENCODINGS:
        raise ValueError
    if encoding in ("rot13", "rot_13"):
        return codecs.encode(value.decode("latin-1") if isinstance(value, bytes) else value, "rot13")
    if encoding == "hex":
        return bytes.fromhex(value if isinstance(value, str) else value.decode("latin-1"))
    return value


def _joined(parts: list[object]) -> str | bytes:
    if all(isinstance(part, bytes) for part in parts):
        whole: str | bytes = b"".join(part for part in parts if isinstance(part, bytes))
    else:
        whole = "".join(
            part.decode("latin-1") if isinstance(part, bytes) else str(part)
            for part in parts
            if not isinstance(part, list) or _refuse()
        )
    if len(whole) > LONGEST:
        raise ValueError
    return whole


def _refuse() -> bool:
    raise ValueError
