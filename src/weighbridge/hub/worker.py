"""Does the jobs that are due, one after the other: in every server of a database, and in `wb hub work`.

What may go wrong for a while (a network, a disk that is full) is tried again, later from time to time; what cannot be
done is said where people look, by the job's own `give_up`.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial

from weighbridge.hub import jobs
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

_LOOK_SECONDS = 5.0
"""How soon a job begins that was put into the queue through another server, or that waited for its time."""
_BEAT_SECONDS = 4.0
_LANES = ((jobs.WEIGH, jobs.CONVERT), (jobs.FETCH,), (jobs.FETCH,), (jobs.SETTLE, jobs.RECORD))


class CannotError(Exception):
    """A job that no further try can do; with a sentence for people."""


class Progress:
    """How far a job is, for those who watch it."""

    done = 0
    total = 0


@record
class Work:
    """How jobs of one kind are done.

    `do` may be begun again wherever it ended before, and raises `CannotError` for what cannot be done and
    WeighbridgeError for what may go better later. `give_up` says that it failed, and why, where people look.
    """

    do: Callable[[Hub, Job, Progress], Awaitable[None]]
    give_up: Callable[[Hub, Job, str], Awaitable[None]]


async def look_after_jobs(hub: Hub, works: Mapping[str, Work]) -> None:
    """Do jobs until cancelled: one at a time of those that compute, of those that wait for networks, of short ones."""
    async with asyncio.TaskGroup() as group:
        for lane in _LANES:
            kinds = tuple(kind for kind in lane if kind in works)
            if kinds:
                group.create_task(_lane(hub, works, kinds))


async def _lane(hub: Hub, works: Mapping[str, Work], kinds: tuple[str, ...]) -> None:
    while True:
        hub.work.clear()
        with suppress(WeighbridgeError):  # the database cannot be used; the next look will do
            while await do_next(hub, works, kinds):
                pass
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(hub.work.wait(), _LOOK_SECONDS)


async def do_next(hub: Hub, works: Mapping[str, Work], kinds: tuple[str, ...] = ()) -> bool:
    """Do the next job that is due; tell whether there was one. Raises WeighbridgeError: the database cannot be used."""
    store, now, wanted = hub.server.store, hub.server.clock(), kinds or tuple(works)
    if await store.read(lambda connection: jobs.next_due(connection, now, wanted)) is None:
        return False
    worker = secrets.token_hex(8)
    job = await store.write(lambda connection: jobs.take(connection, now, wanted, worker))
    if job is None:
        return False
    await _do(hub, works[job.kind], job, worker)
    return True


async def _do(hub: Hub, work: Work, job: Job, worker: str) -> None:
    clock, store = hub.server.clock, hub.server.store
    progress = Progress()
    try:
        if job.tries > jobs.MOST_TRIES:
            raise CannotError(job.reason or "the server that did it ended, several times")
        await _while_beating(hub, work, job, worker, progress)
    except asyncio.CancelledError:
        with suppress(WeighbridgeError):
            await asyncio.shield(store.write(lambda connection: jobs.let_go(connection, clock(), job, worker)))
        raise
    except _LostError:
        return
    except CannotError as error:
        await _give_up(hub, work, job, worker, str(error))
    except Exception as error:  # noqa: BLE001  (a job that fails must not end all that come after it)
        if isinstance(error, WeighbridgeError):
            level, reason = "warning", f"{error.message}; {error.hint}"
            told = reason
        else:
            level, told = "error", f"{type(error).__name__}: {error}"
            reason = "the hub met an error of its own, which stands in the server's log; ask who runs it"
        hub.server.log.event(level, "a job failed", kind=job.kind, job=job.job_id, reason=told)
        if job.tries >= jobs.MOST_TRIES:
            await _give_up(hub, work, job, worker, reason)
        else:
            await store.write(lambda connection: jobs.put_back(connection, clock(), job, worker, reason))
    else:
        await store.write(lambda connection: jobs.finish(connection, clock(), job.job_id, worker))


class _LostError(Exception):
    """The job was cancelled, or is another server's by now."""


async def _while_beating(hub: Hub, work: Work, job: Job, worker: str, progress: Progress) -> None:
    doing = asyncio.ensure_future(work.do(hub, job, progress))
    try:
        while True:
            done, _ = await asyncio.wait({doing}, timeout=_BEAT_SECONDS)
            if done:
                return doing.result()
            now, done_now, total = hub.server.clock(), progress.done, progress.total
            with suppress(WeighbridgeError):  # a database that is busy now will take the next beat
                beat = partial(jobs.beat, now=now, job_id=job.job_id, worker=worker, done=done_now, total=total)
                if not await hub.server.store.write(beat):
                    raise _LostError
    finally:
        if not doing.done():
            doing.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await doing


async def _give_up(hub: Hub, work: Work, job: Job, worker: str, reason: str) -> None:
    # First where people look: who dies in between does it again.
    await work.give_up(hub, job, reason)
    now = hub.server.clock()
    await hub.server.store.write(lambda connection: jobs.fail(connection, now, job.job_id, worker, reason))
