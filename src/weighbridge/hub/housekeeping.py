"""What a hub does by itself while its server runs: jobs, and the ends of approvals."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import partial

from weighbridge.hub import jobs, lifecycle
from weighbridge.hub.hub import Hub
from weighbridge.hub.worker import look_after_jobs
from weighbridge.hub.works import WORKS
from weighbridge.model.errors import WeighbridgeError

_SECONDS = 60.0


@asynccontextmanager
async def hub_housekeeping(hub: Hub) -> AsyncGenerator[None, None]:
    """Keep house until the server ends."""
    tasks = [asyncio.create_task(job) for job in (look_after_jobs(hub, WORKS), end_what_is_over(hub))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def end_what_is_over(hub: Hub) -> None:
    """End approvals whose time is over, and forget jobs that ended long ago, until cancelled."""
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            while await lifecycle.expire(hub):
                pass
            before = hub.server.clock() - jobs.KEPT
            await hub.server.store.write(partial(jobs.prune, before=before))
        await asyncio.sleep(_SECONDS)
