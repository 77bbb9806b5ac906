"""Retention: removes what is older than the fleet keeps it, by itself, a little at a time.

A removal is many short writes with a pause after each, so that messages of endpoints pass in between, and it waits
while they queue. Sightings stay: where a digest ever was is what a hunt asks years later, and they do not grow with
what is recorded. How much room each kind takes stands in docs/explanation/retention.md.

PostgreSQL could drop partitions instead; both stores keep one set of tables, whose keys begin with the endpoint.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from weighbridge.fleet import audit, fleet_settings, outbox, processes, records, triage
from weighbridge.fleet.export_targets import note_lost
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

DAY = 86_400_000
AT_ONCE = 500
"""Rows of one write."""
PAUSE_SECONDS = 0.05
_LOOK_SECONDS = 600.0
_BUSY = 8
"""Writes in the queue from which on a removal waits."""
_WAIT_SECONDS = 1.0


class Prune(Protocol):
    """Removes rows from before a time in milliseconds since 1970, so many at most; returns how many."""

    def __call__(self, connection: Connection, before: int, limit: int) -> int:
        """Remove them, within a write."""
        ...


class Rule(NamedTuple):
    """One kind of row and how long it is kept."""

    kind: str
    """As people know it; a label of the metric."""
    setting: str
    """Of `FleetSettings`: days, or None for ever."""
    prune: "Prune"


def prune_outbox(connection: Connection, before: int, limit: int) -> int:
    """Remove rows of the outbox from before a time, and count what targets missed by that; return how many."""
    removed = outbox.prune(connection, before, limit)
    if removed.last:
        note_lost(connection, removed.last)
    return removed.rows


RULES = (
    Rule("audit", "audit_days", audit.prune),
    Rule("findings", "findings_days", triage.prune),
    Rule("outbox", "exports_days", prune_outbox),
    Rule("processes", "processes_days", processes.prune),
    Rule("records", "records_days", records.prune),
    Rule("usage", "usage_days", processes.prune_usage),
)
"""Sorted by kind."""


async def look_after_retention(server: Server) -> None:
    """Remove what is too old every ten minutes, until cancelled."""
    name = "weighbridge_removed_total"
    server.metrics.describe(name, "counter", "Rows that retention removed, by kind.")
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            for kind, number in (await retain(server)).items():
                server.metrics.add(name, number, kind=kind)
                server.log.event("info", "retention", kind=kind, removed=float(number))
        await asyncio.sleep(_LOOK_SECONDS)


async def retain(server: Server, pause: float = PAUSE_SECONDS) -> dict[str, int]:
    """Remove what is too old now; return how many rows of which kind, without those of which none were.

    Args:
        server: whose store.
        pause: seconds after each write.

    Raises:
        WeighbridgeError: the database could not; what was removed until then is.
    """
    kept = await server.store.read(fleet_settings.current)
    removed: dict[str, int] = {}
    for rule in RULES:
        days: int | None = getattr(kept, rule.setting)
        if days is None:
            continue
        before = server.clock() - days * DAY
        while found := await server.store.write(partial(rule.prune, before=before, limit=AT_ONCE)):
            removed[rule.kind] = removed.get(rule.kind, 0) + found
            await asyncio.sleep(pause)
            while server.store.waiting >= _BUSY:
                await asyncio.sleep(_WAIT_SECONDS)
    return removed
