"""Runs the replays that wait, one after the other, slice by slice: a short read each, in the threads of the store.

Between two slices the event loop, other readers and writers have their turn, and somebody may have cancelled it.
"""

import asyncio
from contextlib import suppress

from sqlalchemy import Connection

from weighbridge.fleet import replay_jobs
from weighbridge.fleet.policy_replay import Replaying
from weighbridge.fleet.replay_jobs import Taken
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_LOOK_SECONDS = 5.0
"""How soon a replay begins that was put into the queue through another server, or on the command line."""
_BEAT_SECONDS = 0.5


async def run_replays(server: Server) -> None:
    """Run replays until cancelled."""
    while True:
        server.replays.clear()
        with suppress(WeighbridgeError):  # the next look will do
            while await run_next(server):
                pass
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(server.replays.wait(), _LOOK_SECONDS)


async def run_next(server: Server) -> bool:
    """Run the next replay; tell whether there was one. Raises WeighbridgeError: the database cannot be used."""
    now = server.clock()
    if not await server.store.read(lambda connection: replay_jobs.is_waiting(connection, now)):
        return False
    taken = await server.store.write(lambda connection: replay_jobs.take(connection, now))
    if taken is None:
        return False
    reason = ""
    try:
        await _run(server, taken)
    except WeighbridgeError as error:
        reason = error.message
    except Exception as error:  # noqa: BLE001  (a replay that fails must not end all that come after it)
        reason = f"{type(error).__name__}: {error}"
        server.log.event("error", "a replay failed", replay=taken.replay_id, reason=reason)
    if reason:
        at = server.clock()
        await server.store.write(lambda connection: replay_jobs.fail(connection, at, taken.replay_id, reason))
    return True


async def _run(server: Server, taken: Taken) -> None:
    def begin(connection: Connection) -> Replaying:
        return Replaying(
            connection, taken.number, taken.asked_at, days=taken.days, against=taken.against, scope=taken.scope
        )

    replaying = await server.store.read(begin)
    beaten = float("-inf")
    more = True
    while more:
        if server.monotonic() - beaten >= _BEAT_SECONDS:
            beaten = server.monotonic()
            if not await _is_wanted(server, taken, replaying):
                return
        more = await server.store.read(replaying.step)
    result = await server.store.read(replaying.result)
    if await _is_wanted(server, taken, replaying):
        now = server.clock()
        await server.store.write(lambda connection: replay_jobs.finish(connection, now, taken.replay_id, result))


async def _is_wanted(server: Server, taken: Taken, replaying: Replaying) -> bool:
    now, progress = server.clock(), replaying.progress
    return await server.store.write(
        lambda connection: replay_jobs.beat(connection, now, taken.replay_id, progress.done, progress.total)
    )
