"""Ledgers under /api/v1: how far the server's copies are, and the records of one, each with what proves it."""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import listed_ledgers, reads
from weighbridge.fleet.asking import GivenAsked
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import Part, made, now, part
from weighbridge.fleet.listed_ledgers import Ledger
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.problem import not_found
from weighbridge.ledger.entry import decode

COSIGNED, PROVEN = "cosigned", "proven"
"""Proof states: covered by a checkpoint that the server cosigned; or part of the copy, with a checkpoint to come."""


class Ledgers(Part, kw_only=True):
    """Ledgers. Times are milliseconds since 1970, UTC."""

    rows: list[Ledger]


class ProvenRecord(Struct, kw_only=True):
    """One record and its proof state: `cosigned` or `proven`. Times are milliseconds since 1970, UTC."""

    record_index: int
    kind: str
    at: int | None
    """By the endpoint's clock."""
    received_at: int
    network: str
    proof: str
    data: dict[str, Any]
    """What it says; empty if it is no record that this version reads."""


class Head(NamedTuple):
    """A ledger, and how many records of it say that nothing was recorded for a while."""

    ledger: Ledger
    gaps: int


class Records(Part, kw_only=True):
    """Records of one ledger, and the ledger."""

    ledger: Ledger
    gaps: int
    """Records that say that nothing was recorded for a while."""
    rows: list[ProvenRecord]


@get("/api/v1/ledger", opt=needs(Permission.FLEET_READ))
async def list_ledgers(
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Ledgers:
    """List ledgers: how many records the server has of each, and how far they are cosigned."""
    return await server.store.read(lambda connection: ledgers(connection, viewer.scope, asked, now(server)))


@get("/api/v1/ledger/{endpoint_id:str}", opt=needs(Permission.RECORDS_READ))
async def list_records(
    server: GivenServer,
    viewer: GivenViewer,
    endpoint_id: Id,
    asked: GivenAsked,
) -> Records:
    """List the records of one endpoint's ledger, each with its proof state."""
    await reads.noted(server, viewer, endpoint_id, reads.RECORDS)
    return await server.store.read(
        lambda connection: records(connection, viewer.scope, endpoint_id, asked, now(server))
    )


def ledgers(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Ledgers:
    """Return a piece of the list of ledgers. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_ledgers.listing(scope), asked, moment)
    return Ledgers(rows=[made(Ledger, row) for row in found.rows], **part(found))


def records(connection: Connection, scope: Scope, endpoint_id: str, asked: Asked, moment: datetime) -> Records:
    """Return a piece of one ledger. Raises WeighbridgeError E-query; RefusedError 404 beyond the scope."""
    return records_of(connection, head(connection, scope, endpoint_id), asked, moment)


def head(connection: Connection, scope: Scope, endpoint_id: str) -> Head:
    """Return how far a ledger is. Raises RefusedError 404 beyond the scope."""
    ledger = listed_ledgers.ledger(connection, scope, endpoint_id)
    if ledger is None:
        raise not_found("endpoint")
    return Head(ledger, listed_ledgers.gaps(connection, endpoint_id))


def records_of(connection: Connection, of: Head, asked: Asked, moment: datetime) -> Records:
    """Return a piece of the ledger that `head` found. Raises WeighbridgeError E-query."""
    ledger = of.ledger
    found = piece(connection, listed_ledgers.records(ledger.endpoint_id), asked, moment)
    rows = [
        made(
            ProvenRecord,
            row,
            proof=COSIGNED if row.record_index < ledger.cosigned else PROVEN,
            data=data_of(bytes(row.entry)),
        )
        for row in found.rows
    ]
    return Records(ledger=ledger, gaps=of.gaps, rows=rows, **part(found))


def data_of(entry: bytes) -> dict[str, Any]:
    """Return what a record says, as JSON has it; empty if it says nothing that this version reads."""
    record = decode(entry)
    data = {} if record is None else dict(record.data)
    try:
        msgspec.json.encode(data)
    except (ValueError, OverflowError, RecursionError):  # numbers and texts that JSON readers do not agree about
        return {}
    return data


ROUTES = [list_ledgers, list_records]
