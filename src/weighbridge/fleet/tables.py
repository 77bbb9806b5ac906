"""What every table of the fleet is made with, so that one file on one machine can grow into a sharded cluster.

Two kinds of tables. Those of endpoints are large: their primary key starts with `endpoint_id`, so that all that is
known of one endpoint lies together, on disk and in one shard. Those of reference are small; every shard may copy them.
A key is made by who writes the row, never by the database: numbers that a database counts up are one more thing that
shards would have to agree on. `tests/house/test_fleet_tables.py` holds every table to this.

Times are whole milliseconds since 1970 in UTC, in columns that end in `_at`. Digests are text, lower-case hexadecimal.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, String, Table

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables; import it from `schema.py`, which knows every context."""

ENDPOINT, REFERENCE = "endpoint", "reference"
"""Kinds of tables, in `Table.info["kind"]`."""
ENDPOINT_ID_LENGTH = 16


def endpoint_table(name: str, *items: Any) -> Table:  # noqa: ANN401  (columns, constraints and indexes, as Table takes)
    """Declare a table of endpoints: `endpoint_id` is its first column and the beginning of its primary key."""
    key = Column("endpoint_id", String(ENDPOINT_ID_LENGTH), primary_key=True)
    # Without row numbers a row lies where its key says: all rows of an endpoint side by side.
    return Table(name, METADATA, key, *items, info={"kind": ENDPOINT}, sqlite_with_rowid=False)


def reference_table(name: str, *items: Any) -> Table:  # noqa: ANN401  (as above)
    """Declare a small table that every shard may hold whole."""
    return Table(name, METADATA, *items, info={"kind": REFERENCE}, sqlite_with_rowid=False)


def integer(name: str, *items: Any, **attributes: Any) -> Column[int]:  # noqa: ANN401  (as Column takes)
    """Declare a column of 64-bit integers that nobody but the writer counts."""
    return Column(name, BigInteger, *items, autoincrement=False, **attributes)
