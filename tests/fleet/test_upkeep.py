"""Who was there, and who has been silent."""

import asyncio

import pytest
from tests.fleet.serving import Running
from tests.fleet.small_fleet import AT, fill
from tests.fleet.test_inventory import joined

from weighbridge.fleet import endpoints, findings, groups, upkeep
from weighbridge.fleet.permissions import EVERYTHING
from weighbridge.fleet.store import Store
from weighbridge.fleet.upkeep import SILENT_AFTER, find_silent, write_presence
from weighbridge.model.errors import WeighbridgeError


def test_silence_is_found_and_ends(store: Store) -> None:
    server, device = joined(store)
    device.record()
    device.sync_all()
    presence = server.exchange.presence
    assert asyncio.run(write_presence(store, presence)) == 1
    name = device.endpoint_id
    later = server.now + SILENT_AFTER

    def found(now: int) -> int:
        return store.write_now(lambda connection: find_silent(connection, now))

    assert found(later) == 0
    assert found(later + 1) == 1
    assert found(later + 2) == 0
    (one,) = store.read_now(lambda connection: findings.of_endpoint(connection, name))
    assert one.check_id == "endpoint-silent"
    server.clock = (later + 5) / 1000
    device.machine.clock = device.machine.clock.fromtimestamp(server.clock, device.machine.clock.tzinfo)
    device.sync_all()
    asyncio.run(write_presence(store, presence))
    assert store.read_now(lambda connection: findings.of_endpoint(connection, name)) == []


def test_a_device_that_enrolled_and_never_came_is_silent(store: Store) -> None:
    server, _ = joined(store)
    assert store.write_now(lambda connection: find_silent(connection, server.now)) == 0
    assert store.write_now(lambda connection: find_silent(connection, server.now + SILENT_AFTER + 1)) == 1


def test_what_could_not_be_written_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    server, device = joined(store)
    device.record()
    device.sync_all()

    def fails(*_: object) -> None:
        raise WeighbridgeError("E-store-write", "full", "make room")

    with monkeypatch.context() as broken:
        broken.setattr(upkeep.endpoints, "write_presence", fails)
        with pytest.raises(WeighbridgeError):
            asyncio.run(write_presence(store, server.exchange.presence))
    assert asyncio.run(write_presence(store, server.exchange.presence)) == 1
    assert store.read_now(endpoints.page)[0].last_seen_at == server.now


def test_rules_of_groups_are_followed_as_time_passes(store: Store) -> None:
    store.write_now(fill)
    running = Running(store)
    running.clock.now = AT
    store.write_now(
        lambda connection: groups.describe(connection, groups.Described(name="old", rule="enrolled:>30d"), AT)
    )

    def old() -> list[int]:
        found = store.read_now(lambda connection: groups.every(connection, EVERYTHING))
        return [one.endpoints for one in found if one.name == "old"]

    asyncio.run(upkeep._look(running.server))
    assert old() == [0]
    running.clock.now += 30 * 86_400_000
    asyncio.run(upkeep._look(running.server))
    assert old() == [3]
    running.server.close()
