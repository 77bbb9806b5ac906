"""Statements that SQLite and PostgreSQL spell alike and SQLAlchemy only knows by dialect: insert or else."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an insert of the connection's dialect, for `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Sequence[str] = ()
) -> None:
    """Insert rows; where the primary key is there already, take the new values.

    Args:
        connection: within a write.
        table: where.
        rows: all with the same columns; no key twice.
        keep: columns that keep the value that stands.
    """
    if not rows:
        return
    statement = insert_or(connection, table)
    key = [column.name for column in table.primary_key]
    fresh = {name: statement.excluded[name] for name in rows[0] if name not in key and name not in keep}
    ready: Insert = (
        statement.on_conflict_do_update(index_elements=key, set_=fresh)
        if fresh
        else statement.on_conflict_do_nothing(index_elements=key)
    )
    connection.execute(ready, list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; the others stay as they are."""
    if rows:
        key = [column.name for column in table.primary_key]
        connection.execute(insert_or(connection, table).on_conflict_do_nothing(index_elements=key), list(rows))
