"""Where a list of records goes on: the roads that it is read along, and how far each has been read."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.model.errors import WeighbridgeError

LONGEST = 2_000
"""Characters of a cursor."""
_MOST = 16
_LONGEST_NAME = 255
_LARGEST = 1 << 62


class Place(NamedTuple):
    """Where a record stands in the list, which goes down."""

    received_at: int
    endpoint_id: str
    record_index: int


class At(NamedTuple):
    """A road by its name, and the last place on it; None at its beginning."""

    name: str
    place: Place | None


def cursor_of(by: str, roads: Sequence[At]) -> str:
    """Return what `places_of` reads."""
    text = json.dumps([by, *([one.name, *(one.place or ())] for one in roads)], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def places_of(cursor: str) -> tuple[str, list[At]]:
    """Return what kind of roads a cursor is of, and the roads. Raises WeighbridgeError E-query."""
    try:
        if len(cursor) > LONGEST:
            raise ValueError
        by, *roads = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if by not in ("digest", "endpoint", "kind", "time") or not 0 < len(roads) <= _MOST:
            raise ValueError
        return by, [_at(*one) for one in roads]
    except (ValueError, TypeError, RecursionError):
        raise WeighbridgeError(
            "E-query", "the place to go on from is none of this list", "begin at the first page"
        ) from None


def _at(name: object, *place: object) -> At:
    if not place:
        return At(_text(name), None)
    received_at, endpoint_id, record_index = place
    return At(_text(name), Place(_number(received_at), _text(endpoint_id), _number(record_index)))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_NAME or "\0" in value:
        raise ValueError
    value.encode()
    return value


def _number(value: object) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError
    return value
