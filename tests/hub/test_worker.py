"""Doing jobs: what ends well, what is tried again, what is given up, and what another server takes over."""

import asyncio

from tests.fleet.serving import Running

from weighbridge.hub import jobs
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.hub.worker import CannotError, Progress, Work, do_next, look_after_jobs
from weighbridge.model.errors import WeighbridgeError


class Worked:
    """A kind of work that ends as a test says, and what it was asked."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends = list(ends)
        self.begun: list[str] = []
        self.given_up: list[str] = []

    async def do(self, hub: Hub, job: Job, progress: Progress) -> None:
        self.begun.append(job.subject)
        end = self.ends.pop(0) if self.ends else None
        if end is not None:
            raise end

    async def give_up(self, hub: Hub, job: Job, reason: str) -> None:
        self.given_up.append(reason)

    @property
    def works(self) -> dict[str, Work]:
        return {jobs.WEIGH: Work(do=self.do, give_up=self.give_up)}


def add(served: Running) -> Job:
    return served.store.write_now(lambda connection: jobs.add(connection, served.clock.now, jobs.WEIGH, "r1"))


def state_of(served: Running, job: Job) -> Job:
    return served.store.read_now(lambda connection: jobs.by_id(connection, job.job_id))


def test_a_job_is_done_once(served: Running) -> None:
    worked, job = Worked(), add(served)
    assert asyncio.run(do_next(served.hub, worked.works))
    assert not asyncio.run(do_next(served.hub, worked.works))
    assert worked.begun == ["r1"]
    assert state_of(served, job).state == jobs.DONE


def test_what_may_go_better_later_is_tried_again(served: Running) -> None:
    worked, job = Worked(WeighbridgeError("E-x", "the disk is full", "make room")), add(served)
    asyncio.run(do_next(served.hub, worked.works))
    assert (state_of(served, job).state, state_of(served, job).reason) == (jobs.WAITING, "the disk is full; make room")
    assert not asyncio.run(do_next(served.hub, worked.works))
    served.clock.pass_seconds(3600)
    assert asyncio.run(do_next(served.hub, worked.works))
    assert (state_of(served, job).state, worked.given_up) == (jobs.DONE, [])


def test_what_cannot_be_done_is_given_up_at_once(served: Running) -> None:
    worked, job = Worked(CannotError("it holds no file")), add(served)
    asyncio.run(do_next(served.hub, worked.works))
    assert worked.given_up == ["it holds no file"]
    assert state_of(served, job).state == jobs.FAILED


def test_what_always_fails_is_given_up_in_the_end(served: Running) -> None:
    worked, job = Worked(*[ValueError("odd")] * 50), add(served)
    while state_of(served, job).is_open:
        assert asyncio.run(do_next(served.hub, worked.works))
        served.clock.pass_seconds(4000)
    assert len(worked.begun) == jobs.MOST_TRIES
    (told,) = worked.given_up
    assert "server's log" in told
    assert "odd" not in told


def test_a_job_that_ends_its_server_is_given_up_in_the_end(served: Running) -> None:
    worked, job = Worked(), add(served)
    for _ in range(jobs.MOST_TRIES):
        now = served.clock.now
        served.store.write_now(lambda connection, now=now: jobs.take(connection, now, jobs.KINDS, "dies"))
        served.clock.pass_seconds(60)
    asyncio.run(do_next(served.hub, worked.works))
    assert worked.begun == []
    assert "ended" in worked.given_up[0]
    assert state_of(served, job).state == jobs.FAILED


def test_a_server_that_stops_gives_its_job_back(served: Running) -> None:
    job = add(served)
    begun = asyncio.Event()

    async def forever(hub: Hub, job: Job, progress: Progress) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def run() -> None:
        works = {jobs.WEIGH: Work(do=forever, give_up=Worked().give_up)}
        task = asyncio.create_task(look_after_jobs(served.hub, works))
        await begun.wait()
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(run())
    assert (state_of(served, job).state, state_of(served, job).tries) == (jobs.WAITING, 0)
