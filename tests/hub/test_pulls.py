"""Who pulled what: summed up by day, tool and agent, and not lost when the database is busy."""

import asyncio

import pytest
from tests.fleet.serving import DAY, Running, running
from tests.hub.calling import call_of
from tests.hub.holding import in_state

from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.store import Store
from weighbridge.hub import pulls
from weighbridge.hub.caller import Caller
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def at(store: Store):
    with running(store) as started:
        started.release = in_state(started, State.APPROVED)
        yield started


def caller(name: str, agent: str = "") -> Caller:
    viewer = Viewer(account_id=name, name=name, role="viewer", permissions=frozenset())
    return Caller(viewer=viewer, tool="huggingface_hub 2.4.0", agent=agent)


def note(at: Running, who: Caller, size: int, status: int = 200, method: str = "GET") -> None:
    call, _ = call_of(at.hub, method=method, caller=who)
    pulls.note_pull(at.hub, call, at.release, None, size, status)


def stored(at: Running) -> list[pulls.Pull]:
    return at.store.read_now(lambda connection: pulls.of_releases(connection, [at.release.release_id]))


def test_pulls_are_summed_up(at: Running) -> None:
    async def work():
        for size in (10, 20, 30):
            note(at, caller("ada"), size, 206)
        note(at, caller("ada", "claude-code"), 5)
        note(at, caller("ada"), 100, 403)
        note(at, Caller(viewer=None), 7)
        note(at, caller("ada"), 0, 200, "HEAD")
        note(at, caller("ada"), 0, 304)
        await pulls.write_pulls(at.hub)
        at.clock.pass_seconds(60)
        note(at, caller("ada"), 40)
        await pulls.write_pulls(at.hub)
        at.hub.writing_pulls.cancel()

    asyncio.run(work())
    found = {(one.account_id, one.agent): one for one in stored(at)}
    assert set(found) == {("ada", ""), ("ada", "claude-code"), ("", "")}
    ada = found["ada", ""]
    assert (ada.requests, ada.refused, ada.bytes, ada.tool) == (4, 1, 200, "huggingface_hub 2.4.0")
    assert ada.last_at - ada.first_at == 60_000
    assert [one.agent for one in at.store.read_now(lambda c: pulls.of_account(c, "ada"))] == ["", "claude-code"]


def test_they_are_written_by_themselves(at: Running, monkeypatch) -> None:
    monkeypatch.setattr(pulls, "_WAIT_SECONDS", 0.0)

    async def work():
        note(at, caller("ada"), 1)
        await at.hub.writing_pulls
        note(at, caller("ada"), 2)
        await at.hub.writing_pulls

    asyncio.run(work())
    assert [(one.requests, one.bytes) for one in stored(at)] == [(2, 3)]


def test_what_could_not_be_written_is_written_later(at: Running, monkeypatch) -> None:
    write = at.store.write

    async def busy(job):
        raise WeighbridgeError("E-store-busy", "busy", "")

    async def work():
        note(at, caller("ada"), 1)
        at.hub.writing_pulls.cancel()
        monkeypatch.setattr(at.store, "write", busy)
        with pytest.raises(WeighbridgeError):
            await pulls.write_pulls(at.hub)
        note(at, caller("ada"), 2)
        at.hub.writing_pulls.cancel()
        monkeypatch.setattr(at.store, "write", write)
        await pulls.write_pulls(at.hub)

    asyncio.run(work())
    assert [(one.requests, one.bytes) for one in stored(at)] == [(2, 3)]


def test_old_ones_go(at: Running) -> None:
    async def work():
        note(at, caller("ada"), 1)
        await pulls.write_pulls(at.hub)
        at.clock.now += 3 * DAY
        note(at, caller("ada"), 1)
        await pulls.write_pulls(at.hub)
        at.hub.writing_pulls.cancel()

    asyncio.run(work())
    assert at.store.write_now(lambda c: pulls.prune(c, at.clock.now, 100)) == 1
    assert [one.day for one in stored(at)] == [at.clock.now // DAY]


def test_they_are_kept_as_long_as_the_fleet_keeps_its_counts(at: Running) -> None:
    async def work():
        note(at, caller("ada"), 1)
        at.clock.now += 800 * DAY
        note(at, caller("ada"), 1)
        await pulls.write_pulls(at.hub)
        at.hub.writing_pulls.cancel()
        assert await pulls.forget_old(at.hub) == 0
        at.clock.now += 400 * DAY
        assert await pulls.forget_old(at.hub) == 1
        assert await pulls.forget_old(at.hub) == 0

    asyncio.run(work())
    assert len(stored(at)) == 1
