"""Records: every entry of every endpoint's ledger, as it was signed, under its index, and what it is found by.

Three indexes serve the list of all records (`record_search.py`), each in the order of that list: by time, by kind, and
by the digests that a record names. Nothing else is looked for beyond a bounded number of rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Column,
    Connection,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy import text as sql_text

from weighbridge.fleet.record_words import Words, words_of
from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import milliseconds, text
from weighbridge.ledger.entry import Record

_EMPTY = sql_text("''")
"""Spelled as the databases tell it, so that a comparison with them finds no difference."""
RECORDS = endpoint_table(
    "records",
    integer("record_index", primary_key=True),
    Column("kind", String(40), nullable=False),
    integer("at"),
    integer("received_at", nullable=False),
    Column("network", String(40), nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("process", String(255), nullable=False, server_default=_EMPTY),
    Column("user", String(255), nullable=False, server_default=_EMPTY),
    Column("actor", String(40), nullable=False, server_default=_EMPTY),
    Column("agent", String(255), nullable=False, server_default=_EMPTY),
    Column("path", Text, nullable=False, server_default=_EMPTY),
    Index(None, "received_at", "endpoint_id", "record_index"),
    Index(None, "kind", "received_at", "endpoint_id", "record_index"),
)
RECORD_DIGESTS = endpoint_table(
    "record_digests",
    integer("record_index", primary_key=True),
    Column("sha256", String(64), primary_key=True),
    integer("received_at", nullable=False),
    Index(None, "sha256", "received_at", "endpoint_id", "record_index"),
)
_INSERT = insert(RECORDS)
_NOTHING = Words()


class StoredRecord(Struct, frozen=True, kw_only=True):
    """One record. `at` is what the endpoint's clock said, `received_at` what the server's did."""

    endpoint_id: str
    record_index: int
    kind: str
    at: int | None
    received_at: int
    network: str
    entry: bytes


def append(
    connection: Connection,
    endpoint_id: str,
    first: int,
    entries: Sequence[tuple[bytes, Record | None]],
    received_at: int,
) -> None:
    """Write entries that were proven to be the next ones of an endpoint's ledger, each with the record in it."""
    rows = []
    for index, (entry, record) in enumerate(entries, first):
        words = _NOTHING if record is None else words_of(record)
        rows.append(
            {
                "endpoint_id": endpoint_id,
                "record_index": index,
                "kind": "" if record is None else record.kind,
                "at": None if record is None else milliseconds(record.at),
                "received_at": received_at,
                "network": "" if record is None else text(record.network, 40) or "",
                "entry": entry,
                **words._asdict(),
            }
        )
    if rows:
        connection.execute(_INSERT, rows)


def note_digests(connection: Connection, endpoint_id: str, named: Iterable[tuple[int, str]], received_at: int) -> None:
    """Write which records name which digest, in the write that stores them. `named`: index of a record, digest."""
    rows = [
        {"endpoint_id": endpoint_id, "record_index": index, "sha256": sha256, "received_at": received_at}
        for index, sha256 in named
    ]
    insert_missing(connection, RECORD_DIGESTS, rows)


def of_endpoint(
    connection: Connection, endpoint_id: str, *, after: int = -1, limit: int = 100, kinds: Iterable[str] = ()
) -> list[StoredRecord]:
    """Return records of one endpoint in the order of its ledger, those after an index."""
    columns = [RECORDS.c[name] for name in StoredRecord.__struct_fields__]
    query = select(*columns).where(RECORDS.c.endpoint_id == endpoint_id, RECORDS.c.record_index > after)
    if wanted := [*kinds]:
        query = query.where(RECORDS.c.kind.in_(wanted))
    rows = connection.execute(query.order_by(RECORDS.c.record_index).limit(limit))
    return [StoredRecord(**{**row._mapping, "entry": bytes(row.entry)}) for row in rows]


def count(connection: Connection, endpoint_id: str) -> int:
    """Return how many records of an endpoint are kept."""
    query = select(func.count()).select_from(RECORDS).where(RECORDS.c.endpoint_id == endpoint_id)
    return connection.execute(query).scalar() or 0


def prune(connection: Connection, before: int, limit: int) -> int:
    """Remove records received before a time, the oldest first; return how many. What they led to stays.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    oldest = (
        select(*_key(RECORDS))
        .where(RECORDS.c.received_at < before)
        .order_by(RECORDS.c.received_at, *_key(RECORDS))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [{"whose": row[0], "which": row[1]} for row in connection.execute(oldest)]
    if keys:
        for table in (RECORD_DIGESTS, RECORDS):
            whose, which = _key(table)
            connection.execute(delete(table).where(whose == bindparam("whose"), which == bindparam("which")), keys)
    return len(keys)


def _key(table: Table) -> tuple[Column[Any], Column[Any]]:
    return table.c.endpoint_id, table.c.record_index
