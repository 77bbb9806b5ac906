"""What a server does by itself while it runs: watches its event loop, and sweeps what has ended."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy import Connection

from weighbridge.fleet import passkeys, sessions, sign_in_attempts
from weighbridge.fleet.exporting import Exporter
from weighbridge.fleet.policy_upkeep import look_after_policies
from weighbridge.fleet.replay_runner import run_replays
from weighbridge.fleet.retention import look_after_retention
from weighbridge.fleet.server import Server
from weighbridge.fleet.upkeep import look_after_endpoints
from weighbridge.model.errors import WeighbridgeError

_BEAT_SECONDS = 0.25
_BEATS_REMEMBERED = 120
_LONG_LAG_SECONDS = 1.0
_SWEEP_SECONDS = 600.0
_MINUTE = 60_000


@asynccontextmanager
async def housekeeping(server: Server) -> AsyncGenerator[None, None]:
    """Keep house until the server ends."""
    tasks = [
        asyncio.create_task(job)
        for job in (
            watch_loop(server),
            sweep_now_and_then(server),
            look_after_endpoints(server),
            look_after_retention(server),
            look_after_policies(server),
            run_replays(server),
            Exporter(server).run(),
        )
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def watch_loop(server: Server) -> None:
    """Measure how late the event loop comes: a call that waits for something in it makes every request wait."""
    late: deque[float] = deque(maxlen=_BEATS_REMEMBERED)
    while True:
        before = server.monotonic()
        await asyncio.sleep(_BEAT_SECONDS)
        lag = max(0.0, server.monotonic() - before - _BEAT_SECONDS)
        late.append(lag)
        server.metrics.set("weighbridge_loop_lag_seconds", max(late))
        if lag > _LONG_LAG_SECONDS:
            server.log.event("warning", "the event loop was held up", seconds=lag)


async def sweep_now_and_then(server: Server) -> None:
    """Remove sessions that ended."""
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            await sweep(server)
        await asyncio.sleep(_SWEEP_SECONDS)


async def sweep(server: Server) -> None:
    """Remove sessions that ended, now. Raises WeighbridgeError."""
    now, idle = server.clock(), server.settings.session_idle_minutes * _MINUTE

    def job(connection: Connection) -> Any:  # noqa: ANN401  (nobody asks for it)
        passkeys.sweep(connection, now)
        sign_in_attempts.sweep(connection, now)
        return sessions.sweep(connection, now, idle=idle)

    await server.store.write(job)
