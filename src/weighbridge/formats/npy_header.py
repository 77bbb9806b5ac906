"""The header of an npy file: a Python literal, read by a parser of our own that knows nothing else.

Source: NEP 1 and numpy `numpy/lib/format.py`.
"""

import re
from typing import NamedTuple

MAGIC = b"\x93NUMPY"
HEADER_LIMIT = 1 << 20
DEPTH_LIMIT = 16
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>[0-9]{1,20})L?|(?P<word>True|False|None)"
    r"|(?P<mark>[{}()\[\],:]))"
)
_WORDS = {"True": True, "False": False, "None": None}
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_DESCR = re.compile(r"[|<>=]?([a-zA-Z?])([0-9]{0,9})(?:\[.*\])?\Z", re.DOTALL)


class NpyHeader(NamedTuple):
    """What the header says."""

    descr: object
    """Type text, or a list of fields as tuples."""
    fortran_order: bool
    shape: tuple[int, ...]
    length: int
    """Bytes from the start of the file to the data."""


class HeaderError(ValueError):
    """The header is not one that numpy accepts."""


def parse_header(head: bytes) -> NpyHeader:
    """Return the header at the start of `head`. Raises `HeaderError`."""
    if len(head) < 10 or not head.startswith(MAGIC) or head[6] not in (1, 2, 3):
        raise HeaderError("no npy header")
    wide = head[6] > 1
    start = 12 if wide else 10
    length = int.from_bytes(head[8:start], "little")
    if length > HEADER_LIMIT or start + length > len(head):
        raise HeaderError("the header is longer than the file")
    text = head[start : start + length].decode("utf-8" if head[6] == 3 else "latin-1", "replace")
    value, after = _value(text, 0, 0)
    if not isinstance(value, dict) or text[after:].strip() or set(value) != {"descr", "fortran_order", "shape"}:
        raise HeaderError("the header is not the expected dictionary")
    shape = value["shape"]
    if not isinstance(shape, tuple) or not all(type(size) is int for size in shape) or len(shape) > 64:
        raise HeaderError("the shape is not a tuple of numbers")
    return NpyHeader(value["descr"], bool(value["fortran_order"]), shape, start + length)


def holds_objects(descr: object, depth: int = 0) -> bool:
    """Tell whether items of this type are Python objects, which numpy unpickles."""
    if isinstance(descr, str):
        match = _DESCR.match(descr)
        return match is None or match[1] == "O"
    if depth < DEPTH_LIMIT and isinstance(descr, (list, tuple)):
        return any(holds_objects(part[1] if _is_field(part) else part, depth + 1) for part in descr if _counts(part))
    return False


def item_bytes(descr: object, depth: int = 0) -> int | None:
    """Return the bytes per item, or None if that cannot be told."""
    if isinstance(descr, str):
        match = _DESCR.match(descr)
        if match is None or match[1] == "O":
            return None
        size = int(match[2] or (1 if match[1] in "?bB" else 0))
        return size * 4 if match[1] == "U" else 8 if match[1] in "mM" else size
    if not isinstance(descr, list) or depth >= DEPTH_LIMIT:
        return None
    total = 0
    for field in descr:
        size_of_field = item_bytes(field[1], depth + 1) if _is_field(field) else None
        if size_of_field is None:
            return None
        repeat = field[2] if len(field) > 2 else ()
        for size in repeat if isinstance(repeat, tuple) else (repeat,):
            if type(size) is not int:
                return None
            size_of_field *= size
        total += size_of_field
    return total


def _is_field(part: object) -> bool:
    return isinstance(part, tuple) and len(part) >= 2


def _counts(part: object) -> bool:
    return isinstance(part, (str, list, tuple))


def _value(text: str, position: int, depth: int) -> tuple[object, int]:
    if depth > DEPTH_LIMIT:
        raise HeaderError("the header is nested too deep")
    match = _TOKEN.match(text, position)
    if match is None:
        raise HeaderError("the header is not a plain literal")
    position = match.end()
    if match["text"] is not None:
        return match["text"][1:-1], position
    if match["number"] is not None:
        return int(match["number"]), position
    if match["word"] is not None:
        return _WORDS[match["word"]], position
    opening = match["mark"]
    if opening not in _CLOSING:
        raise HeaderError("the header is not a plain literal")
    items: list[object] = []
    pairs: dict[str, object] = {}
    comma = False
    while True:
        ahead = _TOKEN.match(text, position)
        if ahead is not None and ahead["mark"] == _CLOSING[opening]:
            position = ahead.end()
            break
        if items and not comma:
            raise HeaderError("the header is not a plain literal")
        item, position = _value(text, position, depth + 1)
        if opening == "{":
            colon = _TOKEN.match(text, position)
            if colon is None or colon["mark"] != ":" or not isinstance(item, str):
                raise HeaderError("the header is not a plain literal")
            inner, position = _value(text, colon.end(), depth + 1)
            pairs[item] = inner
        items.append(item)
        after = _TOKEN.match(text, position)
        comma = after is not None and after["mark"] == ","
        if comma and after is not None:
            position = after.end()
    if opening == "{":
        return pairs, position
    if opening == "[":
        return items, position
    return (items[0] if len(items) == 1 and not comma else tuple(items)), position
