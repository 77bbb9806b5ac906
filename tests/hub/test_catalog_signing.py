"""Endpoints are told what the catalog approved: by people, or by the server within a minute, and by nobody else."""

import asyncio

import pytest
from tests.fleet.ruling_people import delegate, publish_signed
from tests.fleet.serving import DAY, Running, running
from tests.hub.approved import moved
from tests.hub.test_catalog_text import A, B, usable

from weighbridge.fleet import revocations, rulings
from weighbridge.hub import catalog_signing, grants, releases, weighed
from weighbridge.hub.catalog_signing import keep_signed, mark, overview, sign_here, to_sign
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.approvals import read_approvals
from weighbridge.sync.rulings import CATALOG, REVOCATIONS

LIMIT = 60.0


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


def told(served: Running) -> list[str]:
    """Return the digests that endpoints may use by what was signed."""
    text = served.store.read_now(lambda c: rulings.current(c, CATALOG))
    return [] if text is None else [digest for one in read_approvals(text.content).approved for digest in one.weights]


def is_told(served: Running, release: Release) -> str:
    def job(c) -> str:
        return catalog_signing.told(c, release, weighed.of_release(c, release.release_id).weighing.weights)

    return served.store.read_now(job)


def named(served: Running, *, server: bool) -> None:
    served.store.write_now(lambda c: delegate(c, catalog=server, now=served.clock.now))


def signs(served: Running) -> int:
    return served.store.write_now(lambda c: sign_here(c, served.clock.now))


def test_people_sign_what_was_approved(served: Running, monkeypatch) -> None:
    release = usable(served, "acme/coder", A)
    assert is_told(served, release) == ""
    with monkeypatch.context() as patch:  # what a fleet whose people signed an earlier version says
        patch.setattr(rulings, "signers", lambda c: {REVOCATIONS: (set(), 1)})
        assert is_told(served, release) == "nobody"
    named(served, server=False)
    assert is_told(served, release) == "waits"
    found = served.store.read_now(lambda c: overview(c, served.clock.now))
    assert (found.waiting, found.role.number, found.role.threshold, told(served)) == (1, 0, 2, [])
    draft = served.store.write_now(lambda c: to_sign(c, served.clock.now))
    assert (draft.role, draft.number) == (CATALOG, 1)
    with pytest.raises(WeighbridgeError, match="1 more person"):
        served.store.write_now(lambda c: publish_signed(c, draft.metadata, served.clock.now, (0,)))
    assert told(served) == []
    served.store.write_now(lambda c: publish_signed(c, draft.metadata, served.clock.now))
    other = usable(served, "acme/other", B)
    served.store.write_now(lambda c: releases.change(c, other.release_id, until_at=None))
    found = served.store.read_now(lambda c: overview(c, served.clock.now))
    assert (found.waiting, found.role.number, told(served)) == (0, 1, [A])
    assert (is_told(served, release), is_told(served, other)) == ("told", "waits")
    release = moved(served, release, State.DEPRECATED)
    assert is_told(served, release) == "told"
    assert is_told(served, moved(served, release, State.EXPIRED)) == ""
    assert signs(served) == 0, "the server signs nothing that people did not give it"


def test_the_server_signs_where_people_said_so_and_only_what_is_new(served: Running) -> None:
    assert signs(served) == 0
    named(served, server=True)
    assert signs(served) == 0, "there is nothing to say"
    release = usable(served, "acme/coder", A)
    assert (signs(served), told(served)) == (1, [A])
    assert signs(served) == 0
    release = moved(served, release, State.DEPRECATED)
    assert (signs(served), told(served)) == (2, [A])
    moved(served, release, State.EXPIRED)
    assert (signs(served), told(served)) == (3, [])
    usable(served, "acme/other", A, B)
    served.store.write_now(lambda c: revocations.revoke(c, served.clock.now, None, A, "it leaks", ""))
    assert (signs(served), told(served)) == (4, [B])


def test_it_signs_anew_before_its_word_runs_out(served: Running) -> None:
    named(served, server=True)
    usable(served, "acme/coder", A, days=60)
    assert signs(served) == 1
    assert served.store.read_now(rulings.expires)[CATALOG] == "2026-10-21", "thirty days, as all that a server signs"
    served.clock.now += 6 * DAY
    assert signs(served) == 0
    served.clock.now += 2 * DAY
    assert signs(served) == 2


def test_whatever_may_have_to_be_signed_changes_the_mark(served: Running) -> None:
    seen = [served.store.read_now(lambda c: mark(c, served.clock.now))]

    def step(what) -> None:
        what()
        seen.append(served.store.read_now(lambda c: mark(c, served.clock.now)))

    def at_once(job) -> None:
        served.store.write_now(job)

    step(lambda: named(served, server=True))
    step(lambda: usable(served, "acme/coder", A))
    step(lambda: usable(served, "acme/other", B))
    step(lambda: at_once(lambda c: revocations.revoke(c, served.clock.now, None, A, "it leaks", "")))
    step(lambda: at_once(lambda c: revocations.lift(c, served.clock.now, None, A, "it was another")))
    step(lambda: at_once(lambda c: grants.give(c, 1, "acme", "ada", grants.READ, by="grace")))
    step(lambda: named(served, server=False))
    step(lambda: setattr(served.clock, "now", served.clock.now + DAY))
    assert len(set(map(str, seen))) == len(seen)
    step(lambda: None)
    assert seen[-1] == seen[-2]


def test_while_it_runs_it_signs_what_was_decided_at_once_and_looks_each_minute(served: Running, monkeypatch) -> None:
    named(served, server=True)
    waits = asyncio.Event()

    async def until(digests: list[str]) -> None:
        while await asyncio.to_thread(told, served) != digests:
            await asyncio.sleep(0.01)

    async def run() -> None:
        async with asyncio.timeout(LIMIT):
            task = asyncio.create_task(keep_signed(served.hub))
            await asyncio.to_thread(usable, served, "acme/coder", A)
            served.hub.decided.set()
            await until([A])
            monkeypatch.setattr(catalog_signing, "_SECONDS", 0.01)
            served.hub.decided.set()  # the wait that is under way is a whole minute
            await asyncio.to_thread(usable, served, "acme/other", B)
            await until([A, B])
            task.cancel()
            waits.set()

    asyncio.run(run())
    assert waits.is_set()
