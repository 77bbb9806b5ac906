"""Who comes into the fleet, and who does not."""

import pytest
from tests.fleet.wire import URL, Device, Server

from weighbridge.fleet import endpoints, enrollment, findings
from weighbridge.fleet.store import Store
from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FleetFolder


def refusal(device: Device, token: str) -> str:
    with pytest.raises(WeighbridgeError) as caught:
        device.enroll(token)
    assert caught.value.code == "E-enroll-refused"
    assert FleetFolder(device.machine).membership() is None
    return caught.value.message


def test_a_token_lets_in_and_is_kept_as_a_hash(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    token = server.token(most_uses=1, group_name="research", note="for ada")
    assert device.enroll(token) == "active"
    (kept,) = store.read_now(enrollment.tokens)
    assert (kept.uses, kept.group_name, kept.note, kept.made_by) == (1, "research", "for ada", "ada")
    endpoint = store.read_now(lambda connection: endpoints.endpoint(connection, device.endpoint_id))
    assert endpoint is not None
    assert (endpoint.name, endpoint.state, endpoint.group_name) == ("laptop", "active", "research")
    rows = store.read_now(lambda connection: connection.execute(enrollment.ENROLLMENT_TOKENS.select()).all())
    assert token not in repr(rows)


def test_enrolling_again_with_the_same_key_uses_nothing_up(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    token = server.token(most_uses=1)
    first = device.enroll(token), device.endpoint_id
    assert (device.enroll(token), device.endpoint_id) == first
    server.clock += 10_000_000  # the token has ended meanwhile
    assert (device.enroll(token), device.endpoint_id) == first
    assert store.read_now(enrollment.tokens)[0].uses == 1


def test_a_lost_answer_costs_nothing(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    token = server.token(most_uses=1)
    device.line.fault = lambda: "unanswered"
    with pytest.raises(WeighbridgeError):
        device.enroll(token)
    device.line.fault = lambda: ""
    assert device.enroll(token) == "active"


def test_tokens_end(store: Store) -> None:
    server = Server(store)
    used, expired, revoked = server.token(most_uses=1), server.token(expires_at=server.now), server.token()
    Device(server).enroll(used)
    token_id = store.read_now(enrollment.tokens)[-1].token_id
    assert token_id
    for one in store.read_now(enrollment.tokens):
        if one.uses == 0:
            ended = one.token_id
            store.write_now(lambda connection, ended=ended: enrollment.revoke_token(connection, ended, server.now))
    for token in (used, expired, revoked, "wbe-nonsense", "x" * 200):
        assert "token" in refusal(Device(server), token)
    assert len(store.read_now(endpoints.page)) == 1


def test_two_devices_cannot_share_the_last_use(store: Store) -> None:
    server = Server(store)
    token = server.token(most_uses=3)
    outcomes = []
    for _ in range(5):
        try:
            outcomes.append(Device(server).enroll(token))
        except WeighbridgeError as error:
            outcomes.append(error.code)
    assert outcomes == ["active"] * 3 + ["E-enroll-refused"] * 2


def test_a_device_that_needs_approval_waits_for_it(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    assert device.enroll(server.token(needs_approval=True)) == "pending"
    assert device.sync().code == "approval"
    name = device.endpoint_id
    assert store.write_now(lambda connection: enrollment.approve(connection, name, server.now, "ada"))
    assert not store.write_now(lambda connection: enrollment.approve(connection, name, server.now, "ada"))
    server.clock += 60
    assert device.sync_all().code == ""


def test_who_was_taken_out_stays_out_at_once(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    token = server.token()
    device.enroll(token)
    assert device.sync_all().code == ""
    name = device.endpoint_id
    assert store.write_now(lambda connection: enrollment.revoke(connection, name, server.now, "lost laptop"))
    assert device.sync().code == "revoked"
    with pytest.raises(WeighbridgeError, match="taken out"):
        device.enroll(token)


def test_another_ledger_behind_the_same_key_is_refused(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    device.record()
    device.sync_all()
    other = FakeMachine()
    other.disks["membership"] = device.machine.disks["membership"]
    device.machine = other
    with pytest.raises(WeighbridgeError, match="another ledger"):
        device.enroll(server.token())
    found = store.read_now(lambda connection: findings.of_endpoint(connection, device.endpoint_id))
    assert [one.check_id for one in found] == ["ledger-replaced"]


def test_a_machine_belongs_to_one_fleet(store: Store) -> None:
    server = Server(store)
    device = Device(server)
    device.enroll(server.token())
    membership = FleetFolder(device.machine).membership()
    assert membership is not None
    assert membership.url == URL
    FleetFolder(device.machine).leave()
    assert FleetFolder(device.machine).membership() is None
    device.enroll(server.token())
    assert device.endpoint_id != membership.endpoint_id
