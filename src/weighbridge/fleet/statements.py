"""Statements that SQLite and PostgreSQL spell alike and SQLAlchemy only knows by dialect: insert or else."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_or(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an insert of the connection's dialect, for `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return an insert of a dialect, for statements that are made once and kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


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
    if rows:
        ready = _upsert(connection.dialect.name, table, tuple(rows[0]), tuple(keep))
        connection.execute(ready, list(rows))


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; the others stay as they are."""
    if rows:
        connection.execute(_insert_missing(connection.dialect.name, table), list(rows))


# Making a statement costs more than running it, and there are few of them.
@lru_cache(256)
def _upsert(dialect: str, table: Table, columns: tuple[str, ...], keep: tuple[str, ...]) -> Insert:
    statement = insert_into(dialect, table)
    key = [column.name for column in table.primary_key]
    excluded = statement.excluded
    fresh = {name: excluded[name] for name in columns if name not in key and name not in keep}
    if not fresh:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=fresh)


@lru_cache(256)
def _insert_missing(dialect: str, table: Table) -> Insert:
    key = [column.name for column in table.primary_key]
    return insert_into(dialect, table).on_conflict_do_nothing(index_elements=key)
