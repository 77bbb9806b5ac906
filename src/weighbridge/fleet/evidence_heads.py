"""The heads of the ledgers that a report speaks of: what each endpoint signed, and what the server cosigned."""

from sqlalchemy import Connection, func, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.visible import visible
from weighbridge.fleet.witness import COPIES
from weighbridge.ledger.pack import Head, Heads

MOST_HEADS = 10_000
"""In one pack; half a kilobyte each."""


def heads(connection: Connection, scope: Scope, most: int = MOST_HEADS) -> Heads:
    """Return the heads of a scope's ledgers, by endpoint."""
    of_copy = ("endpoint_id", "key", "size", "cosigned", "checkpoint", "cosignature", "skipped")
    there = visible(COPIES, scope)
    rows = connection.execute(
        select(*(COPIES.c[name] for name in of_copy), ENDPOINTS.c.name)
        .join_from(COPIES, ENDPOINTS, ENDPOINTS.c.endpoint_id == COPIES.c.endpoint_id)
        .where(there)
        .order_by(COPIES.c.endpoint_id)
        .limit(most + 1)
    ).all()
    ledgers = len(rows)
    if ledgers > most:
        ledgers = connection.execute(select(func.count()).select_from(COPIES).where(there)).scalar_one()
    return Heads(
        heads=[
            Head(
                endpoint_id=row.endpoint_id,
                endpoint=row.name,
                key=row.key,
                records=row.size,
                cosigned=row.cosigned,
                checkpoint=bytes(row.checkpoint).decode("utf-8", "replace"),
                cosignature=row.cosignature,
                skipped=row.skipped,
            )
            for row in rows[:most]
        ],
        complete=len(rows) <= most,
        ledgers=ledgers,
    )


def said_of(found: Heads) -> str:
    """Return what a statement of coverage says about heads that are left out; empty if there are none."""
    if found.complete:
        return ""
    return (
        f"The heads of {len(found.heads):,} of {found.ledgers:,} ledgers are in the pack, those of the others are not."
    )
