"""JSON from hostile places: bounded in size, structure and depth, and strict about what loaders disagree on.

Python's parser is used (no other is in the standard library), but only after counts have shown that its result is
small: a 20 MB text of `[],[],[]` would become half a gigabyte of objects.
Source: RFC 8259, section 4 (names should be unique: behavior of receivers is unpredictable otherwise).
"""

import json
from typing import Any

from weighbridge.model.record import record
from weighbridge.model.source import LimitReached

MOST_CONTAINERS = 500_000
"""Most `{` and `[` in one text, strings included."""
MOST_SEPARATORS = 1_600_000
"""Most commas and colons in one text, strings included."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
BLANK = b" \t\r\n"


@record
class Parsed:
    """A JSON value, the names that occur twice in one object, and why it is not JSON (then `value` is None)."""

    value: Any
    duplicates: tuple[str, ...] = ()
    error: str | None = None


BEGINNINGS = b"{" + BLANK + BYTE_ORDER_MARK[:1]
"""First bytes with which `starts_object` can say yes."""


def starts_object(head: bytes) -> bool:
    """Tell whether the first visible byte is `{`."""
    return head[:1] == b"{" or head[:64].lstrip(BLANK).removeprefix(BYTE_ORDER_MARK).lstrip(BLANK)[:1] == b"{"


def parse(text: bytes, *, constants: bool = False, repeats: str = "") -> Parsed:
    """Parse `text`. Raises `LimitReached` if it would become too many objects; other faults are in the result.

    Args:
        text: the whole document.
        constants: whether `NaN` and `Infinity` pass, as they do where Python loads the file.
        repeats: key under which the values that a later one of the same name replaces are kept; empty: they are not.
    """
    if text.count(b"{") + text.count(b"[") > MOST_CONTAINERS:
        raise LimitReached("JSON containers", MOST_CONTAINERS)
    if text.count(b",") + text.count(b":") > MOST_SEPARATORS:
        raise LimitReached("JSON values", MOST_SEPARATORS)
    duplicates: dict[str, None] = {}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            seen: set[str] = set()
            for name, _ in items:
                if name in seen and len(duplicates) < 20:
                    duplicates[name[:200]] = None
                seen.add(name)
            if repeats:
                found[repeats] = [{name: value} for name, value in items if found[name] is not value]
        return found

    try:
        value = json.loads(
            text.removeprefix(BYTE_ORDER_MARK).decode("utf-8"),
            object_pairs_hook=pairs,
            parse_constant=str if constants else _no_constant,
            parse_float=_number,
        )
    except UnicodeDecodeError:
        return Parsed(value=None, error="it is not UTF-8")
    except RecursionError:
        return Parsed(value=None, error="it is nested too deep")
    except ValueError as error:
        return Parsed(value=None, error=str(error)[:200])
    return Parsed(value=value, duplicates=tuple(duplicates))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    return float(text[:400])
