"""The heads of the ledgers that a report speaks of: what each endpoint signed, and what the server cosigned."""

from sqlalchemy import Connection, select

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
    rows = connection.execute(
        select(*(COPIES.c[name] for name in of_copy), ENDPOINTS.c.name)
        .join_from(COPIES, ENDPOINTS, ENDPOINTS.c.endpoint_id == COPIES.c.endpoint_id)
        .where(visible(COPIES, scope))
        .order_by(COPIES.c.endpoint_id)
        .limit(most + 1)
    ).all()
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
    )
