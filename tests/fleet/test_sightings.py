"""Where a digest is and ever was."""

from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST, Device, gone, sighting

from weighbridge.fleet import sightings
from weighbridge.fleet.store import Store

OTHER = "b" * 64


def of(store: Store, digest: str = DIGEST) -> list[tuple[int, int, str]]:
    found = store.read_now(lambda connection: sightings.of_digest(connection, digest))
    return [(one.places, one.count, one.path) for one in found]


def test_a_sighting_survives_deletion(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"), sighting("/b"))
    device.sync_all()
    assert of(store) == [(2, 2, "/a")]
    device.record(gone("/a"))
    device.sync_all()
    assert of(store) == [(1, 2, "/b")]
    device.record(gone("/b"))
    device.sync_all()
    assert of(store) == [(0, 2, "/b")]


def test_a_file_that_was_replaced_moves_from_one_digest_to_the_other(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"))
    device.sync_all()
    device.record(sighting("/a", OTHER))
    device.sync_all()
    assert of(store) == [(0, 1, "/a")]
    assert of(store, OTHER) == [(1, 1, "/a")]


def test_seen_and_gone_in_one_batch(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a"), gone("/a"))
    device.sync_all()
    assert of(store) == [(0, 1, "/a")]


def test_a_claimed_digest_is_found_and_told_apart(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting("/a", f"claimed:{DIGEST}"))
    device.sync_all()
    (one,) = store.read_now(lambda connection: sightings.of_digest(connection, DIGEST))
    assert (one.sha256, one.measured) == (DIGEST, False)
    assert store.read_now(lambda connection: sightings.of_digest(connection, "c" * 64)) == []


def test_every_endpoint_that_ever_had_it(store: Store) -> None:
    server, first = joined(store)
    first.record(sighting("/a"))
    first.sync_all()
    second = Device(server, "desktop")
    second.enroll(server.token(group_name="research"))
    second.record(sighting("/b"), gone("/b"))
    second.sync_all()
    found = store.read_now(lambda connection: sightings.of_digest(connection, DIGEST))
    assert {(one.endpoint_name, one.places) for one in found} == {("laptop", 1), ("desktop", 0)}
    assert [one.endpoint_id for one in found] == sorted(one.endpoint_id for one in found)
    of_group = store.read_now(lambda connection: sightings.of_digest(connection, DIGEST, groups=["research"]))
    assert [one.endpoint_name for one in of_group] == ["desktop"]
