"""Endpoints and when they were there."""

from tests.fleet.wire import Device, Server

from weighbridge.fleet import endpoints
from weighbridge.fleet.endpoints import Moment, Presence
from weighbridge.fleet.store import Store


def moment(name: str, at: int) -> Moment:
    return Moment(name, at, 5, "p1", "0.1.0", "boot")


def test_presence_is_written_for_all_together(store: Store) -> None:
    server = Server(store)
    devices = [Device(server, f"laptop-{number}") for number in range(3)]
    for device in devices:
        device.enroll(server.token())
        device.record(network="lan_only")
        device.sync_all()
    presence = server.exchange.presence
    assert len(presence) == 3
    moments = presence.taken()
    assert len(presence) == 0
    store.write_now(lambda connection: endpoints.write_presence(connection, moments))
    found = store.read_now(endpoints.page)
    assert {one.name for one in found} == {"laptop-0", "laptop-1", "laptop-2"}
    assert {(one.network, one.sensor) for one in found} == {("lan_only", "0.1.0")}
    assert all(one.last_seen_at == server.now for one in found)


def test_only_the_last_moment_of_an_endpoint_is_kept() -> None:
    presence = Presence()
    presence.note(moment("a", 1))
    presence.note(moment("b", 2))
    presence.note(moment("a", 3))
    assert {one.endpoint_id: one.last_seen_at for one in presence.taken()} == {"a": 3, "b": 2}


def test_pages_follow_each_other_and_keep_to_groups(store: Store) -> None:
    server = Server(store)
    for number in range(5):
        Device(server).enroll(server.token(group_name="even" if number % 2 == 0 else "odd"))
    first = store.read_now(lambda connection: endpoints.page(connection, limit=2))
    rest = store.read_now(lambda connection: endpoints.page(connection, after=first[-1].endpoint_id))
    ids = [one.endpoint_id for one in first + rest]
    assert len(ids) == 5
    assert ids == sorted(ids)
    assert len(store.read_now(lambda connection: endpoints.page(connection, groups=["odd"]))) == 2
    assert store.read_now(lambda connection: endpoints.page(connection, groups=[])) == []


def test_people_describe_endpoints(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    name = device.endpoint_id
    new = {"owner": "ada", "group_name": "r"}
    assert store.write_now(lambda connection: endpoints.describe(connection, name, new, 1))
    assert not store.write_now(lambda connection: endpoints.describe(connection, "nobody", new, 1))
    endpoint = store.read_now(lambda connection: endpoints.endpoint(connection, name))
    assert endpoint is not None
    assert (endpoint.owner, endpoint.group_name) == ("ada", "r")
    assert store.read_now(lambda connection: endpoints.endpoint(connection, "nobody")) is None
