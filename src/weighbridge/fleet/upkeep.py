"""What the server does for its endpoints by itself: writes who was there, and tells who has been silent."""

import asyncio
from contextlib import suppress
from functools import partial

from sqlalchemy import Connection

from weighbridge.fleet import agents, endpoints, findings, fleet_settings, grouping, posture_days
from weighbridge.fleet.endpoints import Moment, Presence
from weighbridge.fleet.fleet_settings import FleetSettings
from weighbridge.fleet.server import Server
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError

WRITE_SECONDS = 30.0
_DAY = 86_400_000
SILENT_AFTER = FleetSettings().silent_days * _DAY
"""Milliseconds, unless the fleet says otherwise; a laptop on holiday is no news."""
_AT_ONCE = 1000
_LOOK_SECONDS = 600.0
CHECK = "endpoint-silent"


async def look_after_endpoints(server: Server) -> None:
    """Write who was there every half minute, and look for silent endpoints every ten, until cancelled."""
    looked = float("-inf")
    try:
        with suppress(WeighbridgeError):  # the next start will do
            while await server.store.write(agents.catch_up):
                pass
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            with suppress(WeighbridgeError):  # the next time will do
                await write_presence(server.store, server.exchange.presence)
                if server.monotonic() - looked >= _LOOK_SECONDS:
                    looked = server.monotonic()
                    await _look(server)
    finally:
        with suppress(WeighbridgeError):
            await write_presence(server.store, server.exchange.presence)


async def _look(server: Server) -> None:
    now = server.clock()
    kept = await server.store.read(fleet_settings.current)
    await server.store.write(lambda connection: find_silent(connection, now, kept.silent_days * _DAY))
    # Rules of groups ask for ages, too, so that endpoints move though nobody changed anything.
    await server.store.write(lambda connection: grouping.regroup(connection, now))
    await server.store.write(lambda connection: posture_days.note(connection, now))


async def write_presence(store: Store, presence: Presence) -> int:
    """Write who was there since the last time; return how many. Raises WeighbridgeError, and keeps them then."""
    moments = presence.taken()
    for at in range(0, len(moments), _AT_ONCE):
        try:
            await store.write(partial(_write, moments=moments[at : at + _AT_ONCE]))
        except WeighbridgeError:
            for moment in moments[at:]:
                presence.note(moment)
            raise
    return len(moments)


def find_silent(connection: Connection, now: int, after: int = SILENT_AFTER) -> int:
    """Find active endpoints that were not heard of for long; return how many are new.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        after: how long is long, in milliseconds.
    """
    silent = endpoints.unheard_since(connection, now - after)
    known = findings.endpoints_with(connection, CHECK)
    fresh = [endpoint_id for endpoint_id in silent if endpoint_id not in known]
    for endpoint_id in fresh:
        findings.open_server_finding(connection, endpoint_id, CHECK, now)
    return len(fresh)


def _write(connection: Connection, moments: list[Moment]) -> None:
    endpoints.write_presence(connection, moments)
    known = findings.endpoints_with(connection, CHECK)
    for moment in moments:
        if moment.endpoint_id in known:
            findings.end_server_finding(connection, moment.endpoint_id, CHECK, moment.last_seen_at)
