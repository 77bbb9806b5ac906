"""An inventory that went wrong is made anew from a snapshot, in parts, and asked for once in a while only."""

import pytest
from sqlalchemy import delete
from tests.fleet.test_inventory import joined, own_sum
from tests.fleet.wire import gone, sighting

from weighbridge.fleet import findings, inventory, resync
from weighbridge.fleet.inventory import SUMS, THINGS
from weighbridge.fleet.store import Store


def checks(store: Store, name: str) -> list[tuple[str, bool]]:
    found = store.read_now(lambda connection: findings.of_endpoint(connection, name, with_ended=True))
    return [(one.check_id, one.ended_at is None) for one in found]


@pytest.mark.parametrize("most", [1000, 3])
def test_a_lost_inventory_comes_back_whole(store: Store, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr("weighbridge.pipeline.sync._SNAPSHOT_ENTRIES", most)
    _, device = joined(store)
    device.record(*(sighting(f"/models/{number}.gguf") for number in range(10)))
    device.record(gone("/models/3.gguf"))
    device.sync_all()
    name = device.endpoint_id

    def damaged(connection: object) -> None:
        connection.execute(delete(THINGS).where(THINGS.c.path == "/models/5.gguf"))
        connection.execute(delete(SUMS))

    store.write_now(damaged)
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) != own_sum(device)
    device.sync()
    assert checks(store, name) == [("inventory-differs", True)]
    attempt = device.sync_all()
    assert attempt.code == ""
    device.sync_all()
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) == own_sum(device)
    assert len(store.read_now(lambda connection: inventory.of_endpoint(connection, name))) == 9
    assert checks(store, name) == [("inventory-differs", False)]


def test_what_is_in_no_part_has_ended(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/here"), sighting("/gone"))
    device.sync_all()
    name = device.endpoint_id
    store.write_now(lambda connection: inventory.note_asked(connection, name, inventory.Asked(0, 1, False)))
    things = store.read_now(lambda connection: inventory.of_endpoint(connection, name))
    assert {one.path for one in things} == {"/here", "/gone"}
    store.write_now(lambda connection: resync.take(connection, name, 0, True, [], 99))
    assert store.read_now(lambda connection: inventory.of_endpoint(connection, name)) == []
    assert store.read_now(lambda connection: inventory.sum_of(connection, name)) == bytes(32)


def test_a_difference_that_nothing_heals_does_not_become_a_flood(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting())
    device.sync_all()
    name = device.endpoint_id
    wrong, now = b"\1" * 32, 10**12

    def compared(at: int) -> bool:
        return store.write_now(
            lambda connection: resync.compare(connection, name, wrong, at, inventory.known(connection, name))
        )

    assert compared(now)
    assert compared(now + 1000)  # not answered yet
    store.write_now(lambda connection: resync.take(connection, name, 0, True, [], now))
    assert not compared(now + 2000)
    assert not compared(now + resync.ASK_AGAIN_AFTER - 1)
    assert compared(now + resync.ASK_AGAIN_AFTER)
