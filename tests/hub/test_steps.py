"""Steps: written with what they tell of, audited for people, told to other products, waiting for the ledger."""

import pytest
from tests.fleet.serving import Running, running

from weighbridge.fleet import audit, outbox
from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.store import Store
from weighbridge.hub import jobs, steps


@pytest.fixture
def hub(store: Store):
    with running(store) as started:
        yield started


def test_steps_come_in_the_order_in_which_they_were_made(hub: Running) -> None:
    def job(c):
        for number, step in enumerate(("fetch", "weigh", "approve")):
            steps.note(c, hub.clock.now, steps.HUB, step, f"r{number % 2}", detail={"n": number})
        return steps.about(c, ["r0", "r1"]), steps.about(c, ["r1"]), steps.about(c, [])

    both, one, none = hub.store.write_now(job)
    assert [(step.step, step.detail) for step in both] == [
        ("fetch", {"n": 0}),
        ("weigh", {"n": 1}),
        ("approve", {"n": 2}),
    ]
    assert [step.step for step in one] == ["weigh"]
    assert none == []
    assert len({step.step_id for step in both}) == 3


def test_what_people_do_is_audited_and_what_others_should_know_is_told(hub: Running) -> None:
    ada = viewer_of(hub.account())

    def job(c):
        steps.note(c, hub.clock.now, steps.POLICY, "approve", "r1", why="it is clean")
        steps.note(
            c, hub.clock.now, ada, "revoke", "r1", why="it steals", detail={"n": 1}, said="acme/tiny was revoked"
        )
        outbox.number(c)

    hub.store.write_now(job)
    entries = hub.store.read_now(lambda c: audit.newest(c, 9))
    assert [(entry.action, entry.subject) for entry in entries] == [("model.revoke", "r1")]
    told = hub.store.read_now(lambda c: outbox.after(c, 0, 9))
    assert len(told) == 1
    assert "acme/tiny was revoked" in told[0].body


def test_each_step_waits_for_the_ledger_until_it_is_there(hub: Running) -> None:
    def job(c):
        for step in ("a", "b", "c"):
            steps.note(c, hub.clock.now, steps.HUB, step, "r1")
        waiting = [one.kind for one in jobs.unfinished(c)]
        found = steps.unrecorded(c, 2)
        steps.note_recorded(c, [one.step_id for one in found])
        steps.note_recorded(c, [])
        return waiting, [one.step for one in found], [one.step for one in steps.unrecorded(c, 9)]

    assert hub.store.write_now(job) == ([jobs.RECORD], ["a", "b"], ["c"])
