"""Replays run one after the other, between other work, and none ends the next."""

import asyncio

import pytest
from tests.fleet.serving import running
from tests.fleet.test_policy_replay import AT, prepare

from weighbridge.fleet import policy_replay, replay_jobs, replay_runner
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.replay_runner import run_next, run_replays


@pytest.fixture
def served(store):
    with running(store) as started:
        store.write_now(prepare)
        started.clock.now = AT
        yield started


def ask(served, at=AT, **more):
    return served.store.write_now(lambda c: replay_jobs.ask(c, at, "ada", 2, **more)).replay_id


def state(served, replay_id):
    return served.store.read_now(lambda c: replay_jobs.job(c, replay_id, EVERYTHING)).job.state


def test_what_waits_is_run_and_what_came_of_it_is_what_a_replay_says(served, monkeypatch):
    monkeypatch.setattr(policy_replay, "_SLICE", 2)
    asked = ask(served)
    assert asyncio.run(run_next(served.server))
    assert not asyncio.run(run_next(served.server))
    found = served.store.read_now(lambda c: replay_jobs.job(c, asked, EVERYTHING))
    assert found.result == served.store.read_now(lambda c: policy_replay.replay(c, 2, AT))
    assert found.job.done == found.job.total == 3


def test_one_that_is_cancelled_meanwhile_ends_between_two_slices(served, monkeypatch):
    monkeypatch.setattr(policy_replay, "_SLICE", 1)
    monkeypatch.setattr(replay_runner, "_BEAT_SECONDS", 0.0)
    asked, steps = ask(served), []
    step = policy_replay.Replaying.step

    def counted(self, connection):
        steps.append(1)
        if len(steps) == 2:
            served.store.write_now(lambda c: replay_jobs.cancel(c, AT, asked, EVERYTHING))
        return step(self, connection)

    monkeypatch.setattr(policy_replay.Replaying, "step", counted)
    assert asyncio.run(run_next(served.server))
    assert (len(steps), state(served, asked)) == (2, "cancelled")


def test_one_that_fails_says_why_and_the_next_is_run(served, monkeypatch):
    first, second = ask(served), ask(served, AT + 1, days=7)
    step = policy_replay.Replaying.step
    monkeypatch.setattr(policy_replay.Replaying, "step", lambda *_: 1 / 0)
    assert asyncio.run(run_next(served.server))
    monkeypatch.setattr(policy_replay.Replaying, "step", step)
    assert asyncio.run(run_next(served.server))
    failed = served.store.read_now(lambda c: replay_jobs.job(c, first, EVERYTHING)).job
    assert (failed.state, failed.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert state(served, second) == "done"
    assert any("a replay failed" in line for line in served.lines)


def test_asking_wakes_the_one_that_runs_them(served):
    async def job():
        runner = asyncio.create_task(run_replays(served.server))
        asked = await asyncio.to_thread(ask, served)
        served.server.replays.set()
        async with asyncio.timeout(60):
            while await asyncio.to_thread(state, served, asked) != "done":
                await asyncio.sleep(0.01)
        runner.cancel()
        with pytest.raises(asyncio.CancelledError):
            await runner

    asyncio.run(job())
