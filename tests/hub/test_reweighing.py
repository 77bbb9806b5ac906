"""New rules: what is served is weighed anew, a few at a time, behind those who wait for a model."""

import asyncio

import msgspec
import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved
from tests.hub.holding import in_state
from tests.hub.test_lifecycle import weighed_with
from tests.hub.weighable import CLEAN, work

from weighbridge.hub import jobs, releases, weighed
from weighbridge.hub.reweighing import weigh_by_new_rules
from weighbridge.hub.states import State


@pytest.fixture
def hub(served: Running, tmp_path) -> Running:
    served.hub.folder = str(tmp_path)
    return served


def test_what_was_weighed_by_old_rules_is_weighed_anew(hub: Running) -> None:
    release = approved(hub, CLEAN)
    hub.store.write_now(lambda c: jobs.cancel(c, 1, release.release_id, "a test does without"))
    weighed_with(hub, release, "a" * 64)
    assert asyncio.run(weigh_by_new_rules(hub.hub)) == 1
    assert asyncio.run(weigh_by_new_rules(hub.hub)) == 0
    asyncio.run(work(hub.hub))
    kept = hub.store.read_now(lambda c: weighed.of_release(c, release.release_id))
    assert kept is not None
    assert kept.rules.startswith("weighbridge ")
    assert hub.store.read_now(lambda c: releases.by_id(c, release.release_id)).state is State.APPROVED
    assert asyncio.run(weigh_by_new_rules(hub.hub)) == 0


def test_what_is_not_served_is_left_alone(hub: Running) -> None:
    weighed_with(hub, in_state(hub, State.REJECTED), "a" * 64)
    assert asyncio.run(weigh_by_new_rules(hub.hub)) == 0


def test_who_waits_for_a_model_comes_first(hub: Running) -> None:
    release = approved(hub, CLEAN)
    weighed_with(hub, release, "a" * 64)
    assert asyncio.run(weigh_by_new_rules(hub.hub)) == 0


def test_the_oldest_weighing_comes_first(hub: Running) -> None:
    both = [approved(hub, CLEAN, name=f"acme/m{number}") for number in range(2)]
    for at, release in zip((9, 5), both, strict=True):
        weighed_with(hub, release, "a" * 64)
        kept = hub.store.read_now(lambda c, one=release: weighed.of_release(c, one.release_id))
        older = msgspec.structs.replace(kept, weighed_at=at)
        hub.store.write_now(lambda c, one=older: weighed.keep(c, one, b"{}", b"{}"))
    found = hub.store.read_now(lambda c: weighed.outdated(c, 0, "weighbridge 0", 1))
    assert found == [both[1].release_id]
