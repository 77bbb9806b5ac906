"""What a hub does by itself: it takes up jobs that a dead server had, and ends what is over."""

import asyncio

from tests.fleet.serving import Running
from tests.hub.approved import approved
from tests.hub.holding import received

from weighbridge.hub import blob_index, housekeeping, jobs, pulls, releases
from weighbridge.hub.garbage import GRACE
from weighbridge.hub.housekeeping import hub_housekeeping
from weighbridge.hub.states import State

LIMIT = 60.0


def test_jobs_and_ends_are_looked_after(served: Running, tmp_path) -> None:
    served.hub.folder = str(tmp_path)
    release = approved(served, {"a": b"1"})
    now = served.clock.now

    def prepare(c) -> None:
        jobs.cancel(c, now, release.release_id, "a test does without")
        releases.change(c, release.release_id, until_at=now - 1)
        jobs.add(c, now, jobs.RECORD, "hub")
        jobs.take(c, now, (jobs.RECORD,), "died")

    served.store.write_now(prepare)

    async def run() -> None:
        async with asyncio.timeout(LIMIT), hub_housekeeping(served.hub):
            while await served.store.read(jobs.unfinished) or await served.store.read(
                lambda c: releases.by_id(c, release.release_id).is_served
            ):
                await asyncio.sleep(0.02)

    asyncio.run(run())
    assert served.store.read_now(lambda c: releases.by_id(c, release.release_id)).state is State.EXPIRED


def test_what_nothing_holds_is_collected_and_pulls_are_written_at_the_end(served: Running, monkeypatch) -> None:
    monkeypatch.setattr(housekeeping, "_FIRST_SECONDS", 0.0)
    lost = asyncio.run(received(served, b"never committed"))
    served.clock.now += GRACE + 1
    sums = {"requests": 1, "refused": 0, "bytes": 9, "first_at": 1, "last_at": 2}

    async def run() -> None:
        async with asyncio.timeout(LIMIT), hub_housekeeping(served.hub):
            served.hub.pulled["r", "", "hf 2.4.0", "", 1] = sums
            while await served.store.read(lambda c: blob_index.find(c, lost)) is not None:
                await asyncio.sleep(0.02)

    asyncio.run(run())
    assert [one.bytes for one in served.store.read_now(lambda c: pulls.of_releases(c, ["r"]))] == [9]
