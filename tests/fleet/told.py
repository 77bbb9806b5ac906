"""An outbox with something in it: records of an endpoint, what the server found, what people decided."""

from datetime import UTC, datetime

from sqlalchemy import Connection
from tests.fleet.small_fleet import LAPTOP, LLAMA, fill

from weighbridge.fleet import outbox, records
from weighbridge.fleet.outbox_events import DECISION, FINDING, RECORD, Outgoing, names_of, outgoing
from weighbridge.ledger.entry import decode, encode

NOW = 1_790_000_000_000
HOSTILE = 'a\r\nb|c=d\\e"f]<g>&h\u202e\ud800'


def entry(index: int, kind: str, data: dict[str, object]) -> bytes:
    at = datetime.fromtimestamp(NOW / 1000 + index, UTC)
    return encode(index, kind, data, at=at, monotonic=1.0 + index, boot="b", network="corporate")


def entries(first: int, count: int) -> list[bytes]:
    """Return entries of which every fourth is a finding."""
    made = []
    for index in range(first, first + count):
        if index % 4:
            made.append(entry(index, "sighting", {"artifact": LLAMA, "path": f"/models/{index}.gguf"}))
        else:
            data = {"of": "artifact", "check": "pickle-call", "severity": "critical", "message": f"calls {index}"}
            made.append(entry(index, "finding", data | {"artifact": LLAMA}))
    return made


def tell_records(connection: Connection, first: int, count: int, now: int = NOW) -> None:
    """Store records and tell of them."""
    decoded = [(one, decode(one)) for one in entries(first, count)]
    records.append(connection, LAPTOP, first, decoded, now)
    outbox.tell_records(connection, LAPTOP, first, count, now)


def tell_all(connection: Connection) -> None:
    """Fill a fleet; tell of eight records, a finding of the server and a decision."""
    fill(connection)
    tell_records(connection, 0, 8)
    found = {"check": "ledger-forked", "severity": "critical", "message": "The ledger is another one.", "place": ""}
    outbox.tell(connection, LAPTOP, outbox.FINDING, found, NOW + 1)
    decided = {"change_id": "c1", "by": "ada", "message": "ada decided about 3 findings: accepted", "reason": "known"}
    outbox.tell(connection, "", outbox.DECISION, decided, NOW + 2)
    outbox.number(connection)


def all_events(connection: Connection) -> list[Outgoing]:
    """Return all events of the outbox."""
    rows = outbox.after(connection, 0, 1000)
    names = names_of(connection, rows)
    return [one for row in rows for one in outgoing(connection, row, names.get(row.endpoint_id, ""))]


__all__ = [
    "DECISION",
    "FINDING",
    "HOSTILE",
    "NOW",
    "RECORD",
    "all_events",
    "entries",
    "entry",
    "tell_all",
    "tell_records",
]
