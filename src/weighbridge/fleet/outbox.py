"""The outbox: what other products are told, written in the transaction of what it tells of.

A row speaks of records by their indexes, or holds what the server itself saw or people decided. Rows come in without a
position; one process at a time gives positions to those that are committed, in order, under a lock. So a reader that
goes forward by position never passes over a row that was written earlier and committed later.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, Connection, Index, String, Text, bindparam, delete, func, insert, select, update

from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import endpoint_table, integer, reference_table

OUTBOX = endpoint_table(
    "outbox",
    Column("row_id", String(40), primary_key=True),
    integer("position", nullable=False),
    integer("at", nullable=False),
    Column("topic", String(16), nullable=False),
    integer("first", nullable=False),
    integer("records", nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "position"),
    Index(None, "at"),
)
HEADS = reference_table(
    "outbox_heads", Column("name", String(16), primary_key=True), integer("position", nullable=False)
)
_INSERT = insert(OUTBOX)
RECORDS, FINDING, DECISION = "records", "finding", "decision"
TOPICS = (RECORDS, FINDING, DECISION)
"""Records of an endpoint; what the server found itself; what people decided."""
RECORDS_AT_ONCE = 100
_HEAD = "outbox"
_UNNUMBERED = 0
_NUMBERED_AT_ONCE = 2_000


class Row(NamedTuple):
    """One row. Its key is the same however often it is sent."""

    endpoint_id: str
    """Empty for what is of no single endpoint."""
    row_id: str
    position: int
    at: int
    """Milliseconds since 1970, of the server."""
    topic: str
    first: int
    """Index of the first record."""
    records: int
    """How many of them."""
    body: str
    """A JSON object, for what is not a record."""


def tell_records(connection: Connection, endpoint_id: str, first: int, count: int, now: int) -> None:
    """Tell of records of an endpoint, in the write that stores them.

    Args:
        connection: within that write.
        endpoint_id: whose.
        first: index of the first.
        count: how many.
        now: milliseconds since 1970.
    """
    rows = [
        _row(endpoint_id, f"records-{start}", now, RECORDS, start, min(RECORDS_AT_ONCE, first + count - start))
        for start in range(first, first + count, RECORDS_AT_ONCE)
    ]
    if rows:
        connection.execute(_INSERT, rows)


def tell(connection: Connection, endpoint_id: str, topic: str, body: Mapping[str, object], now: int) -> None:
    """Tell of what the server saw or people decided, in the write that stores it.

    Args:
        connection: within that write.
        endpoint_id: what it is about; empty if it is about several.
        topic: `FINDING` or `DECISION`.
        body: values that JSON has.
        now: milliseconds since 1970.
    """
    row_id = f"{topic}-{secrets.token_hex(12)}"
    text = msgspec.json.encode(body).decode()
    connection.execute(_INSERT, [_row(endpoint_id, row_id, now, topic, body=text)])


def has_unnumbered(connection: Connection) -> bool:
    """Tell whether rows wait for a position."""
    return (
        connection.execute(select(OUTBOX.c.row_id).where(OUTBOX.c.position == _UNNUMBERED).limit(1)).first() is not None
    )


def number(connection: Connection) -> int:
    """Give positions to rows that were committed without one; return how many. Within a write."""
    insert_missing(connection, HEADS, [{"name": _HEAD, "position": 0}])
    # Other servers wait here until this transaction is over: positions become visible in their order.
    locked = select(HEADS.c.position).where(HEADS.c.name == _HEAD).with_for_update()
    last = connection.execute(locked).scalar_one()
    waiting = connection.execute(
        select(OUTBOX.c.endpoint_id, OUTBOX.c.row_id)
        .where(OUTBOX.c.position == _UNNUMBERED)
        .order_by(OUTBOX.c.at, OUTBOX.c.endpoint_id, OUTBOX.c.first, OUTBOX.c.row_id)
        .limit(_NUMBERED_AT_ONCE)
    ).all()
    if not waiting:
        return 0
    one = update(OUTBOX).where(OUTBOX.c.endpoint_id == bindparam("whose"), OUTBOX.c.row_id == bindparam("which"))
    connection.execute(
        one.values(position=bindparam("place")),
        [
            {"whose": row.endpoint_id, "which": row.row_id, "place": place}
            for place, row in enumerate(waiting, last + 1)
        ],
    )
    connection.execute(update(HEADS).where(HEADS.c.name == _HEAD).values(position=last + len(waiting)))
    return len(waiting)


def head(connection: Connection) -> int:
    """Return the last position that was given; 0 before the first."""
    return connection.execute(select(HEADS.c.position).where(HEADS.c.name == _HEAD)).scalar() or 0


def after(connection: Connection, position: int, limit: int) -> list[Row]:
    """Return the rows after a position, in their order."""
    wanted = select(*(OUTBOX.c[name] for name in Row._fields)).where(OUTBOX.c.position > position)
    return [Row(*row) for row in connection.execute(wanted.order_by(OUTBOX.c.position).limit(limit))]


def by_key(connection: Connection, keys: Sequence[tuple[str, str]]) -> list[Row]:
    """Return the rows with these endpoint and row ids, in their order; those that were removed are left out."""
    columns = [OUTBOX.c[name] for name in Row._fields]
    found = []
    for endpoint_id, row_id in keys:
        wanted = select(*columns).where(OUTBOX.c.endpoint_id == endpoint_id, OUTBOX.c.row_id == row_id)
        found += [Row(*row) for row in connection.execute(wanted)]
    return sorted(found, key=lambda row: row.position)


def position_before(connection: Connection, at: int) -> int:
    """Return the position after which everything stands that was told at or after a time."""
    earliest = select(func.min(OUTBOX.c.position)).where(OUTBOX.c.at >= at, OUTBOX.c.position > _UNNUMBERED)
    found = connection.execute(earliest).scalar()
    return head(connection) if found is None else found - 1


def count_after(connection: Connection, position: int) -> int:
    """Return how many rows stand after a position."""
    return int(
        connection.execute(select(func.count()).select_from(OUTBOX).where(OUTBOX.c.position > position)).scalar_one()
    )


def count_unnumbered(connection: Connection) -> int:
    """Return how many rows have no position yet."""
    counted = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.position == _UNNUMBERED)
    return int(connection.execute(counted).scalar_one())


class Pruned(NamedTuple):
    """What was removed."""

    rows: int
    last: int
    """The highest position among them; 0 if there were none."""


def prune(connection: Connection, before: int, limit: int) -> Pruned:
    """Remove rows from before a time, those with the lowest positions first.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    old = (OUTBOX.c.at < before, OUTBOX.c.position > _UNNUMBERED)
    lowest = select(OUTBOX.c.endpoint_id, OUTBOX.c.row_id, OUTBOX.c.position).where(*old).order_by(OUTBOX.c.position)
    rows = connection.execute(lowest.limit(limit)).all()
    if rows:
        one = delete(OUTBOX).where(OUTBOX.c.endpoint_id == bindparam("whose"), OUTBOX.c.row_id == bindparam("which"))
        connection.execute(one, [{"whose": row.endpoint_id, "which": row.row_id} for row in rows])
    return Pruned(len(rows), rows[-1].position if rows else 0)


def _row(
    endpoint_id: str, row_id: str, now: int, topic: str, first: int = 0, records: int = 0, body: str = ""
) -> dict[str, object]:
    return Row(endpoint_id, row_id, _UNNUMBERED, now, topic, first, records, body)._asdict()
