"""The records of the whole fleet under /api/v1: who ran what, where, when; each with what proves it."""

from datetime import datetime
from typing import Any

from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import listed_ledgers, record_search
from weighbridge.fleet.asking import Cursor, Limit, Query
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ledger_routes import COSIGNED, PROVEN, data_of
from weighbridge.fleet.list_routes import made, now
from weighbridge.fleet.listed_records import FoundRecord
from weighbridge.fleet.permissions import Permission, Scope


class HuntedRecord(FoundRecord, kw_only=True, frozen=True):
    """A record, what proves it, and what it says."""

    proof: str
    """`cosigned`: under a checkpoint that the server cosigned; `proven`: part of its copy."""
    data: dict[str, Any]
    """Empty if it is no record that this version reads."""


class FleetRecords(Struct, kw_only=True):
    """Records of the fleet, the newest first. Times are milliseconds since 1970, UTC."""

    rows: list[HuntedRecord]
    after: str
    """Goes on from here; empty at the end."""
    back_to: int | None
    """If set, only what was received after this time was looked at so far: go on for what is older."""
    by: str
    """Which index was used: `digest`, `endpoint`, `kind` or `time`."""


@get("/api/v1/records", opt=needs(Permission.RECORDS_READ))
async def list_records_of_fleet(
    server: GivenServer, viewer: GivenViewer, q: Query = "", after: Cursor = "", limit: Limit = 50
) -> FleetRecords:
    """List records of all endpoints, the newest first, as far as one answer looks."""
    moment = now(server)
    return await server.store.read(
        lambda connection: records(connection, viewer.scope, q, moment, after=after, limit=limit)
    )


def records(
    connection: Connection, scope: Scope, query: str, moment: datetime, *, after: str = "", limit: int = 50
) -> FleetRecords:
    """Return records. Raises WeighbridgeError E-query."""
    found = record_search.search(connection, scope, query, moment, after=after, limit=limit)
    entries = record_search.entries(connection, found.rows)
    cosigned = listed_ledgers.cosigned(connection, {row.endpoint_id for row in found.rows})
    rows = [
        made(
            HuntedRecord,
            row,
            proof=COSIGNED if row.record_index < cosigned.get(row.endpoint_id, 0) else PROVEN,
            data=data_of(entries.get((row.endpoint_id, row.record_index), b"")),
        )
        for row in found.rows
    ]
    return FleetRecords(rows=rows, after=found.after, back_to=found.back_to, by=found.by)


ROUTES = [list_records_of_fleet]
