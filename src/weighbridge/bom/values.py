"""Values out of a document that anybody may have written: of the expected type, clean and bounded, or nothing."""

import re
from typing import Any

from weighbridge.bom.text import clean

MOST = 200_000
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")


def mapping(value: object) -> dict[str, Any]:
    """Return `value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Return `value` if it is a list, cut to what is reasonable, else an empty one."""
    return value[:MOST] if isinstance(value, list) else []


def text(value: object, limit: int = 5000) -> str:
    """Return `value` if it is text, clean and cut, else nothing; lists of text are joined."""
    if isinstance(value, str):
        return clean(value, limit)
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value[:50]):
        return clean("; ".join(value[:50]), limit)
    return ""


def number(value: object) -> int:
    """Return a size that is given as text or number, else 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 25:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def digest(value: object) -> str | None:
    """Return a 256-bit digest in lower-case hex, else None."""
    return value.lower() if isinstance(value, str) and _DIGEST.fullmatch(value) else None
