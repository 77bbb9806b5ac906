"""Puts bytes where the states of their releases want them: released if a served release holds them, else quarantined.

Before a release is served its bytes are brought forward, after it is no longer served they are taken back, and a job
that was written down before looks again at the end: a server that dies in between leaves nothing in the wrong place.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from weighbridge.hub import blob_index, jobs, release_files
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.hub.worker import Progress
from weighbridge.model.errors import WeighbridgeError

REPAIR = 600_000
"""Milliseconds after the last sign of life, after which a job looks whether bytes that were to be moved were moved."""
_AT_ONCE = 500


async def bring_forward(hub: Hub, release_id: str) -> None:
    """Put the bytes of a release where served ones lie. Raises WeighbridgeError `E-blob-read` if some are missing."""
    digests, said = await _digests(hub, release_id), 0

    async def still_at_it() -> None:
        # Whoever looks whether this was ended would take back what is not served yet.
        nonlocal said
        now = hub.server.clock()
        if now - said >= REPAIR // 10:
            said = now
            await hub.server.store.write(
                partial(jobs.postpone, until=now + REPAIR, kind=jobs.SETTLE, subject=release_id)
            )

    for at in range(0, len(digests), _AT_ONCE):
        some = digests[at : at + _AT_ONCE]
        await _move(hub, some, dict.fromkeys(some, RELEASED), still_at_it)


async def settle(hub: Hub, release_id: str, progress: Progress | None = None) -> None:
    """Put the bytes of a release where they belong now. Raises WeighbridgeError `E-blob-read`, `E-blob-write`."""
    digests, store = await _digests(hub, release_id), hub.server.store
    for at in range(0, len(digests), _AT_ONCE):
        some = digests[at : at + _AT_ONCE]
        served = await store.read(partial(release_files.served_digests, digests=some))
        await _move(hub, some, {digest: RELEASED if digest in served else QUARANTINE for digest in some})
        if progress is not None:
            progress.done, progress.total = at + len(some), len(digests)


async def settle_job(hub: Hub, job: Job, progress: Progress) -> None:
    """Do a job of the kind `settle`."""
    await settle(hub, job.subject, progress)


async def leave_it(hub: Hub, job: Job, reason: str) -> None:
    """Say that bytes could not be moved: a served release whose bytes are missing is refused, never served wrong."""
    hub.server.log.event("error", "bytes of a release cannot be moved", release=job.subject, reason=reason)


async def _digests(hub: Hub, release_id: str) -> list[str]:
    files = await hub.server.store.read(lambda connection: release_files.of_release(connection, release_id))
    return sorted({one.sha256 for one in files})


async def _nothing() -> None:
    return


async def _move(
    hub: Hub, digests: Sequence[str], wanted: dict[str, str], before_each: Callable[[], Awaitable[None]] = _nothing
) -> None:
    known = await hub.server.store.read(lambda connection: blob_index.find_all(connection, digests))
    moved: dict[str, list[str]] = {QUARANTINE: [], RELEASED: []}
    for digest in digests:
        await before_each()
        after = wanted[digest]
        blob = known.get(digest)
        if blob is None:
            raise WeighbridgeError(
                "E-blob-read", f"the bytes of {digest[:12]} are not in the store", "fetch them again"
            )
        # What the catalog says may be older than what was moved, if somebody died in between: both are looked at.
        before = QUARANTINE if after == RELEASED else RELEASED
        if await hub.blobs.size(after, digest) is None:
            await hub.blobs.move(digest, before, after)
        if blob.place != after:
            moved[after].append(digest)
    for after, some in moved.items():
        if some:
            await hub.server.store.write(partial(blob_index.place, digests=some, where=after))
