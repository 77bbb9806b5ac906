"""The test of a target, which is none of the program; through the API: test_export_sending_routes.py."""

import asyncio

import pytest
from tests.fleet.receivers import HttpReceiver, Reply, poster
from tests.fleet.test_exporting import Fleet, fleet  # noqa: F401
from tests.fleet.told import NOW

from weighbridge.fleet.export_test import MESSAGE
from weighbridge.fleet.export_test import test_target as try_target
from weighbridge.fleet.target import Destination
from weighbridge.fleet.target_registry import TARGETS

OVER_HTTP = [name for name, kind in TARGETS.items() if kind.address.startswith("https://") and kind.probe is None]


@pytest.mark.parametrize("kind", OVER_HTTP)
def test_every_kind_takes_an_event_that_says_what_it_is(fleet: Fleet, kind: str) -> None:  # noqa: F811
    with HttpReceiver() as receiver:
        target = fleet.target(fleet.add(receiver.url, kind))
        where = Destination(address=receiver.url, secret="a-secret", format="ecs")
        found = asyncio.run(try_target(target, where, poster(), NOW))
        assert found.taken, found.said
        assert MESSAGE.encode() in receiver.bodies[0]


def test_a_receiver_that_says_no_or_nothing(fleet: Fleet) -> None:  # noqa: F811
    with HttpReceiver(lambda one: Reply(403) if one.path else None) as receiver:
        target = fleet.target(fleet.add(receiver.url))
        where = Destination(address=receiver.url, secret="a-secret", format="ecs")
        assert not asyncio.run(try_target(target, where, poster(), NOW)).taken
    found = asyncio.run(try_target(target, where, poster(), NOW))
    assert (found.taken, "a-secret" in found.said) == (False, False)
