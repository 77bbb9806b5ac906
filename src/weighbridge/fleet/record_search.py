"""Finds records of the whole fleet, newest first, without ever reading more of them than it says.

A query is answered by roads: ranges of an index that hold every row it wants. The narrowest road is taken that the
query allows: the digests that it names, its few endpoints, its kinds, else time. Of each road at most `LOOKED` rows are
looked at; where that is not all, the answer says how far back it reaches, and goes on from there. So a query that no
index serves costs as much as any other and is never silently incomplete.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, select, tuple_

from weighbridge.fleet import listed_records, record_roads
from weighbridge.fleet.listing import MOST_ROWS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_sql import where
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.record_cursor import At, Place, cursor_of, places_of
from weighbridge.fleet.record_roads import Road
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.visible import visible

LOOKED = 20_000
"""Rows that one answer looks at, over all roads."""
_LEAST_LOOKED = _FIRST_LOOKED = 1_000


class Found(NamedTuple):
    """Rows that were found, and how far was looked."""

    rows: tuple[Row[Any], ...]
    after: str
    """Goes on from here; empty at the end."""
    back_to: int | None
    """Not all was looked at, only what was received after this time. None: nothing between these rows was left out."""
    by: str
    """What the roads are: one of `record_roads.KINDS_OF_ROADS`."""


class _Stretch(NamedTuple):
    """What was found along one road."""

    rows: list[Row[Any]]
    """In the order of the list; one more than is wanted, if there are so many."""
    end: Place | None
    """Where looking stopped; None if the road ends before."""


def search(
    connection: Connection,
    scope: Scope,
    query: str,
    now: datetime,
    *,
    after: str = "",
    limit: int = 50,
    looked: int = LOOKED,
) -> Found:
    """Return the newest records that a query wants and a viewer may see.

    Args:
        connection: of a read.
        scope: of the viewer.
        query: see `query_syntax`; its fields are `listed_records.FIELDS`.
        now: for ages.
        after: what an answer to the same query gave.
        limit: rows, at most `MOST_ROWS`.
        looked: rows that are looked at.

    Raises:
        WeighbridgeError: E-query.
    """
    node = parse(query)
    wanted = and_(where(node, listed_records.searched(), now), visible(RECORDS, scope))
    limit = max(1, min(limit, MOST_ROWS))
    by, starts = places_of(after) if after else record_roads.chosen(connection, scope, node, now)
    span = record_roads.span(node, now)
    each = max(_LEAST_LOOKED, looked // max(1, len(starts))) if looked >= _LEAST_LOOKED else looked
    stretches = [_along(connection, Road(by, name, span), at, wanted, limit, each) for name, at in starts]
    return _merged(by, stretches, starts, limit)


def _along(
    connection: Connection, road: Road, start: Place | None, wanted: ColumnElement[bool], limit: int, looked: int
) -> _Stretch:
    """Look along a road: at few rows first, for most questions end there, then at all that may be looked at.

    Of each two statements, the first reads an index and as many rows, the second the index alone.
    """
    keys = road.keys(start)
    rows: list[Row[Any]] = []
    end = None
    for part in dict.fromkeys((min(_FIRST_LOOKED, looked), looked)):
        near = keys.limit(part).subquery("near")
        here = and_(near.c.endpoint_id == RECORDS.c.endpoint_id, near.c.record_index == RECORDS.c.record_index)
        ordered = listed_records.rows(near, here).where(wanted).order_by(*road.order(near.c))
        rows = list(connection.execute(ordered.limit(limit + 1)))
        if len(rows) > limit:
            return _Stretch(rows, None)
        last = connection.execute(keys.offset(part - 1).limit(2)).all()
        if len(last) < 2:
            return _Stretch(rows, None)
        end = Place(last[0].received_at, last[0].endpoint_id, last[0].record_index)
        if end.received_at < road.span.first:
            return _Stretch(rows, None)  # a ledger is read by its indexes, and what is before was received before
    return _Stretch(rows, end)


def _merged(by: str, stretches: list[_Stretch], starts: Sequence[At], limit: int) -> Found:
    """Take the newest rows of all roads until one of them does not know what comes next."""
    taken: list[Row[Any]] = []
    at = [start.place for start in starts]
    used = [0] * len(stretches)
    back_to = None
    while len(taken) < limit:
        heads = [_head(one, number) for one, number in zip(stretches, used, strict=True)]
        newest = max((head for head in heads if head is not None), default=None)
        if newest is None:
            return Found(tuple(taken), "", None, by)
        unknown = [
            index
            for index, (one, number) in enumerate(zip(stretches, used, strict=True))
            if number >= len(one.rows) and one.end == newest
        ]
        if unknown:
            for index in unknown:
                at[index] = newest
            back_to = newest.received_at
            break
        for index, head in enumerate(heads):  # a record that names two of the digests stands on both roads
            if head == newest:
                row = stretches[index].rows[used[index]]
                at[index] = newest
                used[index] += 1
        taken.append(row)
    names = [start.name for start in starts]
    is_more = any(_head(one, number) is not None for one, number in zip(stretches, used, strict=True))
    after = cursor_of(by, [At(name, place) for name, place in zip(names, at, strict=True)]) if is_more else ""
    return Found(tuple(taken), after, back_to, by)


def _head(stretch: _Stretch, used: int) -> Place | None:
    if used < len(stretch.rows):
        row = stretch.rows[used]
        return Place(row.received_at, row.endpoint_id, row.record_index)
    return stretch.end


def entries(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, int], bytes]:
    """Return the entries of rows that were found, by endpoint and index."""
    if not rows:
        return {}
    key = tuple_(RECORDS.c.endpoint_id, RECORDS.c.record_index)
    query = select(RECORDS.c.endpoint_id, RECORDS.c.record_index, RECORDS.c.entry).where(
        key.in_([(row.endpoint_id, row.record_index) for row in rows])
    )
    return {(row.endpoint_id, row.record_index): bytes(row.entry) for row in connection.execute(query)}
