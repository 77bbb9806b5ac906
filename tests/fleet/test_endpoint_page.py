"""All that is known of an endpoint, from records that a device sent."""

from tests.fleet.test_inventory import joined
from tests.fleet.wire import DIGEST, artifact, gone, process, sighting

from weighbridge.fleet.endpoint_page import read
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store


def test_what_a_device_sent_is_what_its_owner_sees(store: Store) -> None:
    _, device = joined(store)
    finding = {"of": "artifact", "artifact": DIGEST, "check": "pickle-call", "severity": "high", "message": "calls"}
    device.record(artifact(), sighting("/a"), sighting("/b"), process(network="offline"), ("finding", finding))
    device.sync_all()
    device.record(gone("/b"))
    device.sync_all()
    own = Scope(endpoint_id=device.endpoint_id)
    found = store.read_now(lambda connection: read(connection, own, device.endpoint_id))
    assert found is not None
    assert found.endpoint.name == "laptop"
    assert found.artifacts == 1
    assert found.kinds["sighting"] == 1
    assert found.records >= 6
    assert "/b" not in {one.path for one in found.things}
    (ran,) = found.processes
    assert (ran.name, ran.network, ran.weights) == ("llama-server", "offline", [DIGEST])
    assert [one.check_id for one in found.findings] == ["pickle-call"]
    assert found.findings_held == 1
    assert found == store.read_now(lambda connection: read(connection, EVERYTHING, device.endpoint_id))


def test_another_ones_endpoint_is_not_there(store: Store) -> None:
    _, device = joined(store)

    def seen(scope: Scope, endpoint_id: str = device.endpoint_id) -> bool:
        return store.read_now(lambda connection: read(connection, scope, endpoint_id)) is not None

    assert not seen(Scope(endpoint_id="a" * 16))
    assert not seen(Scope(groups=("none",)))
    assert not seen(EVERYTHING, "x" * 16)
    assert seen(EVERYTHING)
