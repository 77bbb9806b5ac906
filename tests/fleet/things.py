"""Records of an endpoint for tests, written as its ledger would bring them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, insert
from tests.fleet.small_fleet import AT

from weighbridge.fleet import projection
from weighbridge.fleet.witness import COPIES
from weighbridge.ledger.entry import encode


def agent(what: str, name: str, **words: object) -> tuple[str, dict[str, object]]:
    """Return what a record of an agent or of what belongs to it says."""
    return "agent", {"what": what, "name": name, "path": f"/home/ada/{name}.json"} | words


def tell(
    connection: Connection, endpoint_id: str, told: Sequence[tuple[str, dict[str, object]]], *, first: int = 0
) -> None:
    """Write records as if they had been proven to be the next ones of an endpoint's ledger."""
    at = datetime.fromtimestamp(AT / 1000, UTC)
    entries = [
        encode(index, kind, data, at=at, monotonic=float(index), boot="b", network="offline")
        for index, (kind, data) in enumerate(told, first)
    ]
    projection.take(connection, endpoint_id, first, entries, received_at=AT, offset=0)


def copy(connection: Connection, endpoint_id: str, **values: object) -> None:
    """Write how far the copy of an endpoint's ledger is."""
    known = {"endpoint_id": endpoint_id, "key": "k", "edge": b"", "root": bytes(32), "checkpoint": b""}
    known |= {"cosignature": "", "last_batch": "", "changed_at": AT} | values
    zero = {column.name: 0 for column in COPIES.columns if column.name not in known and not column.nullable}
    connection.execute(insert(COPIES).values(known | zero))
