"""Values that an endpoint sent, made fit for a column: bounded, of the right type, free of NUL and lone surrogates."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from weighbridge.ledger.entry import moment

_LARGEST = (1 << 53) - 1
_DAY = 86_400_000
_OLDEST = 400 * _DAY
"""Records older than this were not sent late: the clock of the endpoint was wrong."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


def text(value: object, most: int = 255) -> str | None:
    """Return a text of at most `most` characters without NUL and lone surrogates; None for what is no text."""
    if not isinstance(value, str):
        return None
    plain = value[:most].encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "␀")
    return plain[:most]


def word(data: Mapping[str, object], name: str, most: int = 255) -> str | None:
    """Return a text in `data`."""
    return text(data.get(name), most)


def whole(value: object) -> int | None:
    """Return a whole number that fits into every column; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        return None
    return value


def texts(value: object, count: int = 50, most: int = 255) -> list[str]:
    """Return the texts in a list."""
    items = value[:count] if isinstance(value, list) else []
    return [found for one in items if (found := text(one, most)) is not None]


def mappings(value: object, count: int = 50) -> list[Mapping[str, object]]:
    """Return the objects in a list."""
    items = value[:count] if isinstance(value, list) else []
    return [one for one in items if isinstance(one, dict)]


def digest(value: object) -> str | None:
    """Return a SHA-256 in lower-case hexadecimal; None for what is none."""
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else None


def milliseconds(at: str) -> int | None:
    """Return the time that a record or message states, in milliseconds since 1970; None if it states none."""
    found = moment(at)
    if found is None:
        return None
    try:
        return int((found - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    except (OverflowError, ValueError):
        return None


def happened_at(at: int | None, offset: int, received_at: int) -> int:
    """Return when something happened on the server's clock, never after it was received.

    Args:
        at: on the endpoint's clock.
        offset: what to add to get to the server's clock, as measured now.
        received_at: on the server's clock.
    """
    if at is None:
        return received_at
    corrected = at + offset
    return min(corrected, received_at) if corrected > received_at - _OLDEST else received_at
