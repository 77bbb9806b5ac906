"""After a copy of a machine was found, one of the two goes on with name, history and a new key; the other is nobody."""

from random import Random

import pytest
from tests.fleet.test_exchange import kept, own_entries
from tests.fleet.test_inventory import joined
from tests.fleet.wire import Device, Server, sighting

from weighbridge.fleet import audit, endpoints, enrollment, findings
from weighbridge.fleet.endpoints import ACTIVE, FORKED, REVOKED
from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.settle_routes import settle
from weighbridge.fleet.store import Store
from weighbridge.host.fake_disk import FakeDisk, PowerLoss
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.enroll import enroll
from weighbridge.pipeline.membership import FOLDER
from weighbridge.sync.messages import Host

KEY = "ledger-key"


def copied(device: Device) -> Device:
    """Return a machine with the same state folder, as a copied disk has it."""
    other = Device(device.line.server, device.name)
    other.machine.clock = device.machine.clock
    for name, disk in device.machine.disks.items():
        other.machine.disks[name] = FakeDisk()
        other.machine.disks[name].restore(disk.files())
    return other


def again(device: Device, token: str) -> str:
    """Type `wb enroll URL --token TOKEN --again`."""
    url = "https://fleet.example.com"
    return enroll(device.machine, url, token, device.line, facts=lambda: Host(name=device.name), again=True)


def let_go_on(server: Server, name: str) -> str:
    """Decide that the machine with this name goes on; return the token."""
    text = server.store.write_now(lambda c: settle(c, server.now, None, name, "looked at both"))
    assert text is not None
    return text


@pytest.fixture
def two(store: Store) -> tuple[Server, Device, Device]:
    """A server, a machine and its copy; the machine was heard, then the copy, so that nobody is believed."""
    server, true = joined(store)
    true.record(sighting("/before"))
    true.sync_all()
    copy = copied(true)
    true.record(sighting("/true"))
    copy.record(sighting("/copy"), sighting("/copy2"))
    assert true.sync_all().code == ""
    assert copy.sync_all().code == "forked"
    true.record(sighting("/true2"))
    assert true.sync_all().code == "forked"
    return server, true, copy


def test_the_true_machine_goes_on_where_it_was(store: Store, two: tuple[Server, Device, Device]) -> None:
    server, true, copy = two
    name, before = true.endpoint_id, kept(store, true)
    assert again(true, let_go_on(server, name)) == "active"
    assert true.endpoint_id == name
    assert true.sync_all().code == ""
    after = kept(store, true)
    assert after == own_entries(true)
    assert after[: len(before)] == before
    assert store.read_now(lambda c: endpoints.identity(c, name)).state == ACTIVE
    assert store.read_now(lambda c: findings.of_endpoint(c, name)) == []
    ended = store.read_now(lambda c: findings.of_endpoint(c, name, with_ended=True))
    assert [one.check_id for one in ended] == ["ledger-forked"]
    assert [one.action for one in store.read_now(lambda c: audit.newest(c, 5))] == ["endpoint.settle"]
    # The copy signs with a key that counts no more: whatever it does, the machine is not stopped again.
    for _ in range(3):
        copy.record(sighting("/copy3"))
        assert copy.sync().code == "signature"
    with pytest.raises(WeighbridgeError) as caught:
        copy.enroll(server.token())
    assert "a copy of it" in caught.value.message
    true.record(sighting("/true3"))
    assert true.sync_all().code == ""
    assert kept(store, true) == own_entries(true)


def test_the_copy_can_be_a_machine_of_its_own(store: Store, two: tuple[Server, Device, Device]) -> None:
    server, true, copy = two
    again(true, let_go_on(server, true.endpoint_id))
    copy.machine.disks.pop(FOLDER)
    copy.enroll(server.token())
    assert copy.endpoint_id != true.endpoint_id
    for device in (copy, true):
        assert device.sync_all().code == ""
        assert kept(store, device) == own_entries(device)


def test_the_one_that_was_heard_second_is_told_so_and_brings_its_history_under_another_name(
    store: Store, two: tuple[Server, Device, Device]
) -> None:
    server, true, copy = two
    name, held = true.endpoint_id, kept(store, true)
    again(copy, let_go_on(server, name))
    assert copy.sync_all().code == "forked"
    assert store.read_now(lambda c: endpoints.identity(c, name)).state == FORKED
    assert kept(store, true) == held, "what the other one was acknowledged stays"
    copy.machine.disks.pop(FOLDER)
    copy.enroll(server.token())
    assert copy.sync_all().code == ""
    assert kept(store, copy) == own_entries(copy)


def test_a_lost_answer_and_a_second_attempt_change_nothing(store: Store, two: tuple[Server, Device, Device]) -> None:
    server, true, _ = two
    token = let_go_on(server, true.endpoint_id)
    true.line.fault = lambda: "unanswered"
    with pytest.raises(WeighbridgeError):
        again(true, token)
    true.line.fault = lambda: ""
    assert again(true, token) == "active"
    assert true.sync_all().code == ""
    assert true.enroll("wbe-any-token-at-all") == "active", "enrolling twice is enrolling once, with the new key too"
    assert kept(store, true) == own_entries(true)


def test_power_loss_while_it_goes_on(store: Store) -> None:
    server, device = joined(store)
    name = device.endpoint_id
    for step in range(1, 30):
        token = let_go_on(server, name)
        disk = device.machine.disks[FOLDER]
        disk.stop_at = disk.steps + step
        try:
            again(device, token)
        except PowerLoss:
            disk.cut(Random(step))
        else:
            disk.stop_at = None
            break
        disk.stop_at = None
        again(device, token)
        device.record(sighting(f"/{step}"))
        assert device.sync_all().code == ""
    else:
        raise AssertionError("no round reached its end")
    assert step > 3
    assert kept(store, device) == own_entries(device)
    assert [one.endpoint_id for one in store.read_now(endpoints.page)] == [name]


def test_a_token_lets_only_that_machine_go_on(store: Store, two: tuple[Server, Device, Device]) -> None:
    server, true, _ = two
    token, stranger = let_go_on(server, true.endpoint_id), Device(server, "stranger")
    with pytest.raises(WeighbridgeError) as caught:
        stranger.enroll(token)
    assert "another machine" in caught.value.message
    stranger.enroll(server.token())
    with pytest.raises(WeighbridgeError):
        again(stranger, token)
    with pytest.raises(WeighbridgeError):
        again(true, server.token())
    assert again(true, token) == "active", "nobody used it up"
    with pytest.raises(WeighbridgeError) as caught:
        again(Device(server, "nobody"), token)
    assert caught.value.code == "E-not-enrolled"


def test_another_ledger_does_not_go_on_as_this_endpoint(store: Store) -> None:
    server, device = joined(store)
    token = let_go_on(server, device.endpoint_id)
    for name in (KEY, "ledger"):
        device.machine.disks.pop(name, None)
    with pytest.raises(WeighbridgeError) as caught:
        again(device, token)
    assert "another ledger" in caught.value.message


def test_who_was_taken_out_does_not_go_on(store: Store) -> None:
    server, device = joined(store)
    name, token = device.endpoint_id, let_go_on(server, device.endpoint_id)
    store.write_now(lambda c: enrollment.revoke(c, name, server.now, "stolen"))
    assert store.write_now(lambda c: settle(c, server.now, None, name, "found again")) is None
    with pytest.raises(WeighbridgeError):
        again(device, token)
    assert store.read_now(lambda c: endpoints.identity(c, name)).state == REVOKED


def test_the_route_is_for_those_who_manage_the_endpoint(served) -> None:
    server = Server(served.store)
    server.clock = served.clock.now / 1000
    device = Device(server)
    device.enroll(server.token(group_name="lab"))
    path = f"/api/v1/endpoints/{device.endpoint_id}/settle"
    lab = served.token(served.account("ada", Role.ADMINISTRATOR, Scope(groups=("lab",))), Permission.ENDPOINTS_MANAGE)
    other = served.token(
        served.account("bob", Role.ADMINISTRATOR, Scope(groups=("other",))), Permission.ENDPOINTS_MANAGE
    )
    client, reason = served.client(), {"reason": "looked at both"}
    assert client.post(path, json=reason, headers=other).status_code == 404
    assert client.post(path, json={"reason": ""}, headers=lab).status_code == 400
    made = client.post(path, json=reason, headers=lab)
    assert made.status_code == 201
    assert made.json()["command"].endswith(" --again")
    assert again(device, made.json()["text"]) == "active"
