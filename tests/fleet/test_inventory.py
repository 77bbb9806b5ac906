"""The inventory follows from the records: for any of them, in any batches, server and endpoint come to the same sum."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fleet.wire import DIGEST, Device, Server, artifact, gone, process, sighting

from weighbridge.fleet import inventory
from weighbridge.fleet.store import Store
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_open import ledger_reader

PATHS = ("/a.gguf", "/b.gguf", "/c.gguf")
ITEMS = st.one_of(
    st.sampled_from(PATHS).map(sighting),
    st.sampled_from(PATHS).map(gone),
    st.sampled_from([artifact(), artifact("b" * 64), process(1), process(2)]),
    st.sampled_from([("process-end", {"pid": 1, "started": 1.5}), ("network", {"connectivity": "offline"})]),
)


def joined(store: Store) -> tuple[Server, Device]:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    return server, device


def own_sum(device: Device) -> bytes:
    found = Inventory(device.machine, ledger_reader(device.machine))
    found.update()
    return found.sum()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ITEMS, max_size=6), min_size=1, max_size=5))
def test_both_sides_come_to_the_same_sum(store: Store, batches: list[list]) -> None:
    _, device = joined(store)
    for items in batches:
        device.record(*items)
        attempt = device.sync_all()
        assert (attempt.code, attempt.waiting) == ("", 0)
        name = device.endpoint_id
        assert store.read_now(lambda connection, name=name: inventory.sum_of(connection, name)) == own_sum(device)


def test_what_ended_stays_with_its_end(store: Store) -> None:
    _, device = joined(store)
    device.record(sighting())
    device.sync_all()
    device.record(gone())
    device.sync_all()
    name = device.endpoint_id
    assert store.read_now(lambda connection: inventory.of_endpoint(connection, name)) == []
    (ended,) = store.read_now(lambda connection: inventory.of_endpoint(connection, name, with_ended=True))
    assert (ended.kind, ended.path, ended.artifact) == ("sighting", "/models/a.gguf", DIGEST)
    assert ended.ended_at is not None
    device.record(sighting())
    device.sync_all()
    (back,) = store.read_now(lambda connection: inventory.of_endpoint(connection, name, kinds=["sighting"]))
    assert (back.ended_at, back.first_at) == (None, ended.first_at)


def test_artifacts_without_a_digest_are_named_by_nothing() -> None:
    assert inventory.artifact_of("sighting", {"artifact": DIGEST}) == DIGEST
    assert inventory.artifact_of("sighting", {"artifact": f"claimed:{DIGEST}"}) == f"claimed:{DIGEST}"
    for other in ("/models/a.bin", "claimed:x", 7, None, "A" * 64):
        assert inventory.artifact_of("sighting", {"artifact": other}) == ""
    assert inventory.artifact_of("process", {"artifact": DIGEST}) == ""
