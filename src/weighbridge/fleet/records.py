"""Records: every entry of every endpoint's ledger, as it was signed, under its index."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, LargeBinary, String, delete, func, insert, select

from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import milliseconds, text
from weighbridge.ledger.entry import Record

RECORDS = endpoint_table(
    "records",
    integer("record_index", primary_key=True),
    Column("kind", String(40), nullable=False),
    integer("at"),
    integer("received_at", nullable=False),
    Column("network", String(40), nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Index(None, "received_at", "kind"),
)


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
        rows.append(
            {
                "endpoint_id": endpoint_id,
                "record_index": index,
                "kind": "" if record is None else record.kind,
                "at": None if record is None else milliseconds(record.at),
                "received_at": received_at,
                "network": "" if record is None else text(record.network, 40) or "",
                "entry": entry,
            }
        )
    if rows:
        connection.execute(insert(RECORDS), rows)


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


def prune(connection: Connection, before: int) -> int:
    """Remove records received before a time; return how many. What they led to (sightings, findings) stays."""
    return connection.execute(delete(RECORDS).where(RECORDS.c.received_at < before)).rowcount
