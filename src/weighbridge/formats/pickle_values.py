"""The values of the symbolic pickle machine, and how they are described to checks.

Literals are plain Python values (long ones a `LongText`); everything else is one of the classes here. Nothing here
imports, calls or builds what a stream names.
"""

from weighbridge.model.pickle_program import Kind, Operand

KEPT_TEXT = 1024
"""Longest text or bytes literal that is kept whole."""
KEPT_ITEMS = 64
"""Scalar items of one list that are kept; dictionaries keep more, see `Container.put`."""
SHOWN_TEXT = 200
SHOWN_BYTES = 16
SHOWN_ITEMS = 16
SHOWN_DEPTH = 4
SHOWN_NODES = 160
LARGE_INT = 1 << 24


class Fault(Exception):  # noqa: N818  (the stream's fault, not ours; it becomes an observation)
    """The stream cannot be read on from here."""

    def __init__(self, reason: str, *, truncated: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.truncated = truncated


class LongText:
    """A text or bytes literal too long to keep."""

    __slots__ = ("beginning", "kind", "length")

    def __init__(self, kind: Kind, length: int, beginning: str | None = None) -> None:
        self.kind = kind
        self.length = length
        self.beginning = beginning
        """First characters; of bytes as Latin-1."""


class Opaque:
    """A value of which only the kind is known."""

    __slots__ = ("kind",)

    def __init__(self, kind: Kind) -> None:
        self.kind = kind


OPAQUE = Opaque(Kind.OPAQUE)
BUFFER = Opaque(Kind.BUFFER)


class Container:
    """A list, tuple, dict or set of the stream's own making. Slots, because hostile streams make millions."""

    __slots__ = ("count", "items", "tainted")
    kind = Kind.OPAQUE

    def __init__(self) -> None:
        self.items: list[object] | None = None
        """First items; keys and values in turn for a dict; None for none."""
        self.count = 0
        self.tainted = False
        """Whether an item that was not kept is something else than a literal."""


class ListValue(Container):
    """A list."""

    __slots__ = ()
    kind = Kind.LIST


class TupleValue(Container):
    """A tuple."""

    __slots__ = ()
    kind = Kind.TUPLE


class DictValue(Container):
    """A dict."""

    __slots__ = ()
    kind = Kind.DICT


class SetValue(Container):
    """A set."""

    __slots__ = ()
    kind = Kind.SET


class FrozensetValue(Container):
    """A frozenset."""

    __slots__ = ()
    kind = Kind.FROZENSET


class BytearrayValue(Container):
    """A bytearray."""

    __slots__ = ()
    kind = Kind.BYTEARRAY


EMPTY_TUPLE = TupleValue()
"""The empty tuple cannot change, so there is one."""
_CLASSES = {kind.kind: kind for kind in (ListValue, TupleValue, DictValue, SetValue, FrozensetValue, BytearrayValue)}


def container(kind: Kind, items: list[object] | None = None) -> Container:
    """Return a new container of `kind` with `items`."""
    made = _CLASSES[kind]() if kind in _CLASSES else Container()
    if items:
        made.items = items
        made.count = len(items)
    return made


class Import:
    """A name that the stream imported; one object per distinct name."""

    __slots__ = ("module", "name")

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name


class Result:
    """What a call of `callee` returned, or an instance of it."""

    __slots__ = ("callee", "entries", "operands", "state")

    def __init__(self, callee: object, operands: object) -> None:
        self.callee = callee
        self.operands = operands
        self.state: object = None
        self.entries: Container | None = None
        """Items put into it later (an `OrderedDict` is made empty and filled after)."""


class Persistent:
    """What `persistent_load` returned for `id`."""

    __slots__ = ("id",)

    def __init__(self, identity: object) -> None:
        self.id = identity


def origin(value: object) -> tuple[str, str]:
    """Return module and name of the import that `value` is or stems from; empty texts if none."""
    for _ in range(8):
        if isinstance(value, Import):
            return value.module, value.name
        if not isinstance(value, Result):
            break
        value = value.callee
    return "", ""


def shown_origin(value: Result) -> tuple[str, str]:
    """Return the origin of `value`; an instance of what a call returned has `()` behind the name."""
    module, name = origin(value)
    return module, name + "()" if isinstance(value.callee, Result) and name else name


def signature(value: object, *, texts: bool = False) -> object:
    """Return a hashable shape of `value`: equal shapes are judged alike. Text counts only with `texts`."""
    return _signature(value, 0, texts, [SHOWN_NODES])


def _signature(value: object, depth: int, texts: bool, left: list[int]) -> object:
    left[0] -= 1
    if isinstance(value, str):
        return value if texts else str
    if isinstance(value, Import):
        return (value.module, value.name)
    if isinstance(value, Result):
        made_of = _signature(value.operands, depth + 1, texts, left) if texts and depth < SHOWN_DEPTH else None
        return (Result, *shown_origin(value), made_of)
    if isinstance(value, Container):
        return _container_signature(value, depth, texts, left)
    if isinstance(value, LongText):
        return (value.kind, value.beginning) if texts else value.kind
    if isinstance(value, Opaque):
        return value.kind
    if texts and isinstance(value, bytes):
        return value[:SHOWN_BYTES]
    if type(value) is int and value >= LARGE_INT:
        return Kind.LARGE_INT
    return type(value)


def _container_signature(value: Container, depth: int, texts: bool, left: list[int]) -> object:
    items = value.items or ()
    if len(items) == value.count and len(items) <= 2 * SHOWN_ITEMS and depth < SHOWN_DEPTH and left[0] > 0:
        parts = [_signature(item, depth + 1, texts, left) for item in items]
        if len(parts) > 3 and parts.count(parts[0]) == len(parts):
            parts = [parts[0], "same"]
        return (value.kind, *parts)
    plain = not value.tainted and len(items) <= 2 * KEPT_ITEMS and all(type(item) in SCALARS for item in items)
    return (value.kind, "many", plain)


SCALARS = frozenset({str, bytes, int, float, bool, type(None), LongText})
_SCALAR_KINDS = {str: Kind.STR, bytes: Kind.BYTES, float: Kind.FLOAT, bool: Kind.BOOL, type(None): Kind.NONE}


def describe(value: object) -> Operand:
    """Return what a check may know of `value`, bounded in size whatever the value refers to."""
    return _describe(value, 0, [SHOWN_NODES])


def _describe(value: object, depth: int, left: list[int]) -> Operand:
    left[0] -= 1
    if isinstance(value, int) and not isinstance(value, bool):
        if value >= LARGE_INT or value <= -LARGE_INT:
            return Operand(Kind.LARGE_INT, str(value)[:40] if abs(value) < 1 << 128 else None)
        return Operand(Kind.INT, value)
    kind = _SCALAR_KINDS.get(type(value))
    if kind is not None:
        if isinstance(value, str):
            return Operand(kind, value[:SHOWN_TEXT])
        if isinstance(value, bytes):
            return Operand(kind, value[:SHOWN_BYTES].decode("latin-1"))
        return Operand(kind, value if isinstance(value, (float, bool)) else None)
    if isinstance(value, Import):
        return Operand(Kind.IMPORT, None, value.module[:SHOWN_TEXT], value.name[:SHOWN_TEXT])
    if isinstance(value, Container):
        return _describe_items(value.kind, value, depth, left)
    if isinstance(value, Result):
        module, name = shown_origin(value)
        inner = (_describe(value.operands, depth + 1, left),) if depth < SHOWN_DEPTH and left[0] > 0 else ()
        return Operand(Kind.RESULT, None, module[:SHOWN_TEXT], name[:SHOWN_TEXT], inner)
    if isinstance(value, Persistent):
        return Operand(Kind.PERSISTENT)
    if isinstance(value, LongText):
        return Operand(value.kind, value.beginning)
    return Operand(value.kind if isinstance(value, Opaque) else Kind.OPAQUE)


def _describe_items(kind: Kind, value: Container, depth: int, left: list[int]) -> Operand:
    items = value.items or []
    shown: list[Operand] = []
    if depth < SHOWN_DEPTH:
        for item in items[: 2 * SHOWN_ITEMS]:
            if left[0] <= 0:
                break
            shown.append(_describe(item, depth + 1, left))
    # What is left out is fine as long as it is literal: a check may still know that from `complete`.
    rest = items[len(shown) : len(shown) + 2 * KEPT_ITEMS]
    left_out = len(items) - len(shown) - len(rest)
    complete = not value.tainted and not left_out and all(type(item) in SCALARS for item in rest)
    return Operand(kind, None, "", "", tuple(shown), complete)
