"""The records of the whole fleet under /api/v1: who ran what, where, when; each with what proves it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from litestar import get
from msgspec import Struct, structs
from sqlalchemy import Connection, select

from weighbridge.fleet import listed_ledgers, record_search
from weighbridge.fleet.asking import Cursor, Limit, Query
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.inventory import is_digest
from weighbridge.fleet.ledger_routes import COSIGNED, PROVEN, data_of
from weighbridge.fleet.list_routes import made, now
from weighbridge.fleet.listed_records import FoundRecord
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.sightings import SIGHTINGS


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
    places = _places(connection, [one for one in rows if not one.path])
    rows = [one if one.path else structs.replace(one, path=places.get(_model(one), "")) for one in rows]
    return FleetRecords(rows=rows, after=found.after, back_to=found.back_to, by=found.by)


def _model(one: HuntedRecord) -> tuple[str, str]:
    """Return the endpoint of a record and the model that it names; records of models and verdicts name no place."""
    named = one.data.get("artifact")
    return one.endpoint_id, named if isinstance(named, str) and is_digest(named) else ""


def _places(connection: Connection, records: Sequence[HuntedRecord]) -> dict[tuple[str, str], str]:
    """Return where the models that records name lie on their endpoints, or lay last."""
    named = {found for one in records if (found := _model(one))[1]}
    if not named:
        return {}
    columns = (SIGHTINGS.c.endpoint_id, SIGHTINGS.c.artifact, SIGHTINGS.c.path)
    wanted = select(*columns).where(
        SIGHTINGS.c.endpoint_id.in_({endpoint_id for endpoint_id, _ in named}),
        SIGHTINGS.c.artifact.in_({artifact for _, artifact in named}),
    )
    return {(row.endpoint_id, row.artifact): row.path for row in connection.execute(wanted)}


ROUTES = [list_records_of_fleet]
