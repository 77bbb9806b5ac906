"""Lists in pieces: which rows a query wants, in which order, from where on; the same for pages, API and command line.

A piece is found by the values of the row before it (keyset), never by counting rows, so that the thousandth piece costs
as much as the first and rows that arrive meanwhile move nothing. Counts stop at a limit for the same reason.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, or_, select, tuple_

from weighbridge.fleet.query_sql import Searched, where
from weighbridge.fleet.query_syntax import parse
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.policy.nearest import did_you_mean

MOST_ROWS = 500
MOST_COUNTED = 10_000
"""Rows that are counted; beyond that a list says `more than`."""
_LONGEST_CURSOR = 2000
_Scalar = str | int


@record
class Asked:
    """What somebody wants to see. At most one of the cursors is set; a cursor is what `Piece` gave before."""

    query: str = ""
    sort: str = ""
    """Name of an order; empty: the list's own."""
    down: bool = False
    after: str = ""
    before: str = ""
    limit: int = 50
    columns: tuple[str, ...] = ()
    """Names of what is shown of each row; empty: the list's own."""


@record
class Listing:
    """A list that can be asked: `rows` without order or limit, and what it may be asked for.

    `sorts`: expressions that are never NULL, by name; the first is the list's own, which begins at its end if
    `newest_first`. `key`: columns of `rows` that name a row.
    """

    rows: Select[Any]
    searched: Searched
    sorts: Mapping[str, ColumnElement[Any]]
    key: Sequence[ColumnElement[Any]]
    newest_first: bool = False


@record
class Piece:
    """Rows in order; cursors are empty where there is nothing more. `total` stops at `MOST_COUNTED` + 1."""

    rows: tuple[Row[Any], ...]
    sort: str
    down: bool
    total: int
    after: str = ""
    before: str = ""


def piece(connection: Connection, listing: Listing, asked: Asked, now: datetime) -> Piece:
    """Return the rows that somebody asked for.

    Raises WeighbridgeError E-query: the query, the order or the cursor is none of this list.
    """
    sort, down = _order(listing, asked)
    limit = max(1, min(asked.limit, MOST_ROWS))
    wanted = listing.rows.where(where(parse(asked.query), listing.searched, now))
    place = (listing.sorts[sort], *listing.key)
    backwards = bool(asked.before)
    descending = down != backwards
    statement = wanted.add_columns(*(column.label(f"_at_{index}") for index, column in enumerate(place)))
    cursor = asked.before or asked.after
    if cursor:
        statement = statement.where(_beyond(place, _values(cursor, len(place), sort, down=down), descending=descending))
    ordered = [column.desc() if descending else column.asc() for column in place]
    found = connection.execute(statement.order_by(*ordered).limit(limit + 1)).all()
    more, rows = len(found) > limit, list(found[:limit])
    if backwards:
        rows.reverse()
    return Piece(
        rows=tuple(rows),
        sort=sort,
        down=down,
        total=_total(connection, wanted),
        after=_cursor(rows[-1], len(place), sort, down=down) if rows and (more or backwards) else "",
        before=_cursor(rows[0], len(place), sort, down=down) if rows and (more if backwards else asked.after) else "",
    )


def _order(listing: Listing, asked: Asked) -> tuple[str, bool]:
    own = next(iter(listing.sorts))
    if not asked.sort:
        return own, listing.newest_first
    if asked.sort not in listing.sorts:
        hint = did_you_mean(asked.sort, listing.sorts)
        raise WeighbridgeError("E-query", f"this list has no order `{asked.sort}`", hint)
    return asked.sort, asked.down


def _beyond(place: Sequence[ColumnElement[Any]], values: list[_Scalar], *, descending: bool) -> ColumnElement[bool]:
    if len({type(value) for value in values}) == 1:
        row, at = tuple_(*place), tuple_(*(literal(value) for value in values))
        return row < at if descending else row > at
    # Row values of mixed types are compared column by column, which every store types in its own way.
    steps = []
    for index, (column, value) in enumerate(zip(place, values, strict=True)):
        same = [other == literal(at) for other, at in zip(place[:index], values[:index], strict=True)]
        steps.append(and_(*same, column < literal(value) if descending else column > literal(value)))
    # Said apart, so that an index on the first column begins there instead of at its end.
    first = place[0] <= literal(values[0]) if descending else place[0] >= literal(values[0])
    return and_(first, or_(*steps))


def _total(connection: Connection, wanted: Select[Any]) -> int:
    # Without its tables a query without conditions would be one row.
    some = wanted.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(MOST_COUNTED + 1)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def _cursor(row: Row[Any], length: int, sort: str, *, down: bool) -> str:
    values = [getattr(row, f"_at_{index}") for index in range(length)]
    return urlsafe_b64encode(json.dumps([sort, down, *values]).encode()).decode().rstrip("=")


def _values(cursor: str, length: int, sort: str, *, down: bool) -> list[_Scalar]:
    try:
        if len(cursor) > _LONGEST_CURSOR:
            raise ValueError
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(found, list) or found[:2] != [sort, down] or len(found) != length + 2:
            raise ValueError
        values = found[2:]
        if not all(isinstance(one, str) or (type(one) is int and abs(one) < 1 << 63) for one in values):
            raise ValueError
        "".join(one for one in values if isinstance(one, str)).encode()
        if any("\0" in one for one in values if isinstance(one, str)):
            raise ValueError
    except (ValueError, RecursionError):
        raise WeighbridgeError(
            "E-query", "the place to go on from is none of this list", "begin at the first page"
        ) from None
    return values
