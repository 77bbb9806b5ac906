"""Weighs what is served anew when the rules have changed: another policy of the fleet, another version of Weighbridge.

A few at a time, those whose weighing is oldest first, and nothing while others wait: who asked for a model comes first.
A release stays served meanwhile; what turns out harmful goes back to review (`weighing_job.py`).
"""

from sqlalchemy import Connection

from weighbridge import __version__
from weighbridge.fleet import policy_versions
from weighbridge.hub import jobs, steps, weighed
from weighbridge.hub.hub import Hub

AT_ONCE = 20


async def weigh_by_new_rules(hub: Hub) -> int:
    """Queue releases that were weighed by other rules than those of now; return how many. Raises WeighbridgeError."""
    if not await hub.server.store.read(_are_due):
        return 0
    now = hub.server.clock()
    queued = await hub.server.store.write(lambda connection: _queue(connection, now))
    if queued:
        hub.work.set()
    return queued


def _are_due(connection: Connection) -> bool:
    return bool(_outdated(connection, 1)) and not any(one.kind == jobs.WEIGH for one in jobs.unfinished(connection))


def _queue(connection: Connection, now: int) -> int:
    found = _outdated(connection, AT_ONCE)
    for release_id in found:
        jobs.add(connection, now, jobs.WEIGH, release_id)
        steps.note(connection, now, steps.HUB, "weigh-again", release_id, why="The rules have changed.")
    return len(found)


def _outdated(connection: Connection, limit: int) -> list[str]:
    number = policy_versions.in_force(connection)
    return weighed.outdated(connection, number, f"weighbridge {__version__}, ", limit)
