"""Every entry as it was signed."""

from sqlalchemy import select
from tests.fleet.test_inventory import joined
from tests.fleet.wire import sighting

from weighbridge.fleet import records
from weighbridge.fleet.store import Store
from weighbridge.pipeline.ledger_open import ledger_reader


def test_entries_are_kept_byte_for_byte_in_order(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/ä\u202e\ud800"), network="offline")
    device.sync_all()
    name = device.endpoint_id
    kept = store.read_now(lambda connection: records.of_endpoint(connection, name))
    own = list(ledger_reader(device.machine).entries(0, 1000))
    assert [one.entry for one in kept] == own
    assert [one.record_index for one in kept] == list(range(len(own)))
    assert {one.network for one in kept} >= {"offline"}
    assert store.read_now(lambda connection: records.count(connection, name)) == len(own)
    only = store.read_now(lambda connection: records.of_endpoint(connection, name, kinds=["sighting"]))
    assert [one.kind for one in only] == ["sighting"]
    later = store.read_now(lambda connection: records.of_endpoint(connection, name, after=2, limit=1))
    assert [one.record_index for one in later] == [3]


def test_retention_goes_by_the_time_of_arrival(store: Store) -> None:
    server, device = joined(store)
    device.record(sighting("/old"))
    device.sync_all()
    server.clock += 100
    name = device.endpoint_id
    before = store.read_now(lambda connection: records.count(connection, name))
    device.record(sighting("/new"))
    device.sync_all()
    assert found_by(store) == {"/old", "/new"}
    assert store.write_now(lambda connection: records.prune(connection, server.now, 1000)) == before
    kept = store.read_now(lambda connection: records.of_endpoint(connection, name))
    assert kept[0].record_index == before
    assert found_by(store) == {"/new"}
    device.record(sighting("/newer"))
    assert device.sync_all().code == ""


def found_by(store: Store) -> set[str]:
    """Return the paths of the records that a digest names."""
    words, digests = records.RECORDS.c, records.RECORD_DIGESTS.c
    same = (words.endpoint_id == digests.endpoint_id) & (words.record_index == digests.record_index)
    query = select(words.path).join_from(records.RECORDS, records.RECORD_DIGESTS, same)
    assert store.read_now(lambda connection: connection.execute(select(words.path)).scalars().all())
    return set(store.read_now(lambda connection: connection.execute(query).scalars().all()))
