"""The queue of replays: once each, whoever asks; taken once, whichever server; kept for a while."""

import pytest
from tests.fleet.test_policy_replay import AT, prepare

from weighbridge.fleet import replay_jobs
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.policy_replay import replay
from weighbridge.model.errors import WeighbridgeError

OPS = Scope(groups=("ops",))


@pytest.fixture
def fleet(store):
    store.write_now(prepare)
    return store


def ask(store, at=AT, **more):
    return store.write_now(lambda connection: replay_jobs.ask(connection, at, "ada", 2, **more))


def take(store, at=AT):
    return store.write_now(lambda connection: replay_jobs.take(connection, at))


def seen(store, replay_id, scope=EVERYTHING):
    return store.read_now(lambda connection: replay_jobs.job(connection, replay_id, scope))


def test_a_replay_waits_runs_and_is_kept(fleet):
    asked = ask(fleet)
    assert (asked.state, asked.against, asked.is_open, asked.percent) == ("waiting", 1, True, 0)
    assert ask(fleet) == asked, "the same is asked once"
    taken = take(fleet)
    assert (taken.replay_id, taken.number, taken.days, taken.scope) == (asked.replay_id, 2, 30, EVERYTHING)
    assert take(fleet) is None
    assert fleet.write_now(lambda c: replay_jobs.beat(c, AT + 1, asked.replay_id, 1, 4))
    assert seen(fleet, asked.replay_id).job.percent == 25
    result = fleet.read_now(lambda connection: replay(connection, 2, AT))
    fleet.write_now(lambda connection: replay_jobs.finish(connection, AT + 2, asked.replay_id, result))
    done = seen(fleet, asked.replay_id)
    assert (done.job.state, done.job.percent, done.job.finished_at) == ("done", 100, AT + 2)
    assert done.result == result
    assert ask(fleet).replay_id != asked.replay_id, "what is done is asked anew"


def test_who_sees_less_neither_gets_nor_sees_the_replays_of_others(fleet):
    whole, some = ask(fleet), ask(fleet, scope=OPS)
    assert whole.replay_id != some.replay_id
    assert seen(fleet, whole.replay_id, OPS) is None
    assert fleet.write_now(lambda c: replay_jobs.cancel(c, AT, whole.replay_id, OPS)) is None
    assert [one.replay_id for one in fleet.read_now(lambda c: replay_jobs.jobs(c, OPS))] == [some.replay_id]
    assert len(fleet.read_now(lambda c: replay_jobs.jobs(c, EVERYTHING))) == 2
    other = Scope(groups=("ops", "lab"))
    assert seen(fleet, some.replay_id, other) is None
    assert seen(fleet, ask(fleet, scope=other).replay_id, Scope(groups=("lab", "ops"))) is not None


def test_one_that_was_cancelled_is_neither_taken_nor_finished(fleet):
    first = ask(fleet)
    fleet.write_now(lambda connection: replay_jobs.cancel(connection, AT, first.replay_id, EVERYTHING))
    assert take(fleet) is None
    second = ask(fleet)
    take(fleet)
    fleet.write_now(lambda connection: replay_jobs.cancel(connection, AT, second.replay_id, EVERYTHING))
    assert not fleet.write_now(lambda c: replay_jobs.beat(c, AT, second.replay_id, 1, 4))
    result = fleet.read_now(lambda connection: replay(connection, 2, AT))
    fleet.write_now(lambda connection: replay_jobs.finish(connection, AT, second.replay_id, result))
    assert seen(fleet, second.replay_id).job.state == "cancelled"
    assert seen(fleet, second.replay_id).result is None


@pytest.mark.parametrize("passed", [replay_jobs.GONE_AFTER + 1, -replay_jobs.GONE_AFTER - 1])
def test_one_whose_server_is_gone_is_taken_up_anew_but_not_for_ever(fleet, passed):
    asked, at = ask(fleet), AT
    for _ in range(3):
        assert take(fleet, at).replay_id == asked.replay_id
        assert take(fleet, at + replay_jobs.GONE_AFTER // 2) is None, "it gives signs of life"
        at += passed
    assert take(fleet, at) is None
    failed = seen(fleet, asked.replay_id).job
    assert (failed.state, "ended, several times" in failed.reason) == ("failed", True)


def test_only_so_many_wait_and_only_so_many_are_kept(fleet, monkeypatch):
    for days in range(1, replay_jobs.MOST_WAITING + 1):
        ask(fleet, days=days)
    with pytest.raises(WeighbridgeError, match="wait already"):
        ask(fleet, days=100)
    while (taken := take(fleet)) is not None:
        fleet.write_now(lambda c, one=taken: replay_jobs.fail(c, AT, one.replay_id, "no"))
    monkeypatch.setattr(replay_jobs, "KEPT", 3)
    newest = ask(fleet, AT + 1, days=200)
    kept = fleet.read_now(lambda c: replay_jobs.jobs(c, EVERYTHING))
    assert len(kept) == 4
    assert kept[0] == newest


def test_a_policy_that_is_not_there_is_said(fleet):
    for number, against in ((9, 0), (2, 9)):
        with pytest.raises(WeighbridgeError, match="there is no policy 9"):
            fleet.write_now(lambda c, n=number, a=against: replay_jobs.ask(c, AT, "ada", n, against=a))
