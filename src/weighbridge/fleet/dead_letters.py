"""Dead letters: rows of the outbox that a target refused for good. They are kept, shown, and can be sent again."""

from typing import NamedTuple

from sqlalchemy import Column, Connection, String, Text, delete, func, select, update

from weighbridge.fleet.outbox import Row
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer

LETTERS = endpoint_table(
    "export_dead_letters",
    Column("row_id", String(40), primary_key=True),
    Column("target_id", String(16), primary_key=True),
    integer("at", nullable=False),
    integer("again", nullable=False),
    Column("error", Text, nullable=False),
)


class Letter(NamedTuple):
    """One row that a target refused."""

    endpoint_id: str
    row_id: str
    at: int
    """When it was refused; milliseconds since 1970."""
    again: bool
    """Whether it waits to be sent again."""
    error: str


def bury(connection: Connection, now: int, target_id: str, row: Row, error: str) -> None:
    """Keep a row that a target refused."""
    letter = Letter(row.endpoint_id, row.row_id, now, False, error[:500])
    upsert(connection, LETTERS, [letter._asdict() | {"target_id": target_id, "again": 0}])


def listed(connection: Connection, target_id: str, limit: int = 200) -> list[Letter]:
    """Return the dead letters of a target, the latest first."""
    columns = [LETTERS.c[name] for name in Letter._fields]
    wanted = select(*columns).where(LETTERS.c.target_id == target_id)
    rows = connection.execute(wanted.order_by(LETTERS.c.at.desc(), LETTERS.c.row_id).limit(limit))
    return [Letter(row.endpoint_id, row.row_id, row.at, bool(row.again), row.error) for row in rows]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many dead letters each target has."""
    counted = select(LETTERS.c.target_id, func.count().label("number")).group_by(LETTERS.c.target_id)
    return {row.target_id: row.number for row in connection.execute(counted)}


def send_again(connection: Connection, target_id: str) -> int:
    """Mark the dead letters of a target to be sent again; return how many."""
    return connection.execute(update(LETTERS).where(LETTERS.c.target_id == target_id).values(again=1)).rowcount


def to_send(connection: Connection, target_id: str, limit: int) -> list[tuple[str, str]]:
    """Return endpoint and row id of letters that are to be sent again."""
    wanted = select(LETTERS.c.endpoint_id, LETTERS.c.row_id).where(
        LETTERS.c.target_id == target_id, LETTERS.c.again == 1
    )
    rows = connection.execute(wanted.order_by(LETTERS.c.at, LETTERS.c.endpoint_id, LETTERS.c.row_id).limit(limit))
    return [(row.endpoint_id, row.row_id) for row in rows]


def forget(connection: Connection, target_id: str, endpoint_id: str = "", row_id: str = "") -> None:
    """Remove a letter; all of a target without a row id."""
    gone = delete(LETTERS).where(LETTERS.c.target_id == target_id)
    if row_id:
        gone = gone.where(LETTERS.c.endpoint_id == endpoint_id, LETTERS.c.row_id == row_id)
    connection.execute(gone)
