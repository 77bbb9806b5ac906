"""What a hub does by itself while its server runs: jobs, the ends of approvals, and telling endpoints of them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from functools import partial

from weighbridge.fleet import revocations
from weighbridge.hub import fleet_revocations, garbage, jobs, lifecycle, pulls, steps
from weighbridge.hub.blob_failures import FAILURES
from weighbridge.hub.catalog_signing import keep_signed
from weighbridge.hub.hub import Hub
from weighbridge.hub.reweighing import weigh_by_new_rules
from weighbridge.hub.worker import look_after_jobs
from weighbridge.hub.works import WORKS
from weighbridge.model.errors import WeighbridgeError

_SECONDS = 60.0
_FOLLOW_SECONDS = 5.0
_COLLECT_SECONDS = 6 * 3600.0
_FIRST_SECONDS = 600.0
"""Not at once: a server that is started has other things to do."""


@asynccontextmanager
async def hub_housekeeping(hub: Hub) -> AsyncGenerator[None, None]:
    """Keep house until the server ends."""
    if hub.server.store.dialect == "sqlite":  # one process alone serves such a file
        with suppress(WeighbridgeError):
            await hub.server.store.write(partial(jobs.begin_anew, now=hub.server.clock()))
    jobs_of_it = (
        look_after_jobs(hub, WORKS),
        end_what_is_over(hub),
        follow_the_fleet(hub),
        keep_signed(hub),
        collect_now_and_then(hub),
    )
    tasks = [asyncio.create_task(job) for job in jobs_of_it]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        with suppress(WeighbridgeError):
            await pulls.write_pulls(hub)


async def end_what_is_over(hub: Hub) -> None:
    """End approvals whose time is over, forget old jobs, weigh anew by new rules, until cancelled."""
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            while await lifecycle.expire(hub):
                pass
            before = hub.server.clock() - jobs.KEPT
            await hub.server.store.write(partial(jobs.prune, before=before))
            await weigh_by_new_rules(hub)
        await asyncio.sleep(_SECONDS)


async def follow_the_fleet(hub: Hub) -> None:
    """Serve nothing for long that the fleet revoked, until cancelled."""
    known = None
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            new = await hub.server.store.read(revocations.mark)
            if new != known:
                await revoke_what_the_fleet_revoked(hub)
                known = new
        await asyncio.sleep(_FOLLOW_SECONDS)


async def revoke_what_the_fleet_revoked(hub: Hub) -> int:
    """Revoke served releases that hold what was revoked in the fleet; return how many. Raises WeighbridgeError."""
    found = await hub.server.store.read(fleet_revocations.served)
    for release_id, one in found.items():
        await lifecycle.revoke(hub, steps.HUB, release_id, one.reason, replaced_by=one.replacement, everywhere=False)
    return len(found)


async def collect_now_and_then(hub: Hub) -> None:
    """Remove bytes that nothing holds and uploads that have ended, until cancelled."""
    await asyncio.sleep(_FIRST_SECONDS)
    while True:
        try:
            done = await garbage.collect(hub)
            await pulls.forget_old(hub)
        except (WeighbridgeError, *FAILURES) as error:
            hub.server.log.event("warning", "the hub could not clear up", error=str(error))
        else:
            if any(done):
                hub.server.log.event("info", "the hub cleared up", **done._asdict())
        await asyncio.sleep(_COLLECT_SECONDS)
