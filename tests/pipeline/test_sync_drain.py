"""Sending until the server has everything, as fast as it wants."""

import pytest
from tests.pipeline.test_policy_update import Way
from tests.pipeline.test_sync import Server, enrolled
from tests.sync.policy_server import NOW, PolicyServer

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import fleet_policy
from weighbridge.pipeline.ledger_open import open_ledger
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.policy_update import pin
from weighbridge.pipeline.sync_drain import client_of, drain, member


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    made.close = lambda: None  # type: ignore[attr-defined]  (what a real connection has)
    monkeypatch.setattr("weighbridge.pipeline.sync_drain.FleetClient", lambda *_, **__: made)
    return made


def test_it_ends_when_the_server_has_everything(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.sync.plan.LARGEST_BATCH", 1000)
    monkeypatch.setattr("weighbridge.sync.plan.SMALLEST_BATCH", 1000)
    machine, waited = enrolled(), []
    with open_ledger(machine) as recorder:
        recorder.record_all([("network", {"connectivity": f"{number}"}) for number in range(20)])
    server.says = {"next_sync_in": 0.2}
    attempts = list(drain(machine, waited.append))
    assert len(attempts) > 3
    assert attempts[-1].waiting == 0
    assert len(waited) == len(attempts) - 1
    assert all(0.1 < pause < 0.3 for pause in waited)
    FleetFolder(machine).lock().close()


def test_it_ends_when_the_server_wants_the_rest_later(server: Server) -> None:
    machine = enrolled()
    server.says = {"resync": True, "next_sync_in": 600.0}
    waited: list[float] = []
    (attempt,) = drain(machine, waited.append)
    assert attempt.again
    assert waited == []


def test_a_policy_that_the_server_names_is_fetched_once_and_said_with_the_next_message(server: Server) -> None:
    machine = enrolled()
    policies = PolicyServer()
    policies.publish(7)
    way = Way(policies)
    server.get = way.get  # type: ignore[attr-defined]  (what a real connection has)
    machine.clock = NOW
    pin(machine, way)
    server.says = {"policy_version": "7", "resync": True, "next_sync_in": 600.0}
    list(drain(machine, lambda _: None))
    server.says = {"policy_version": "8", "resync": True, "next_sync_in": 0.2}
    drained = drain(machine, lambda _: None, most_seconds=1e9)
    for _ in range(3):
        next(drained)
    drained.close()
    assert [one.policy_version for one in server.got] == ["0", "7", "7 unlisted", "7 unlisted"]
    assert way.asked.count("/v1/policy/timestamp.json") == 2
    assert fleet_policy(machine).title == "balanced 7"


def test_it_ends_with_a_failure(server: Server) -> None:
    server.reply = HttpError("refused")
    (attempt,) = drain(enrolled(), lambda _: None)
    assert attempt.code == "unreachable"


def test_a_server_that_asks_for_ever_is_left_in_the_end(server: Server) -> None:
    machine = enrolled()
    server.says = {"resync": True, "next_sync_in": 10.0}

    def wait(seconds: float) -> None:
        from datetime import timedelta

        machine.clock += timedelta(seconds=seconds)

    assert len(list(drain(machine, wait, most_seconds=100))) < 20


def test_without_a_fleet_nothing_is_sent() -> None:
    machine = FakeMachine()
    with pytest.raises(WeighbridgeError) as caught:
        next(drain(machine, lambda _: None))
    assert caught.value.code == "E-not-enrolled"
    with pytest.raises(WeighbridgeError):
        member(machine)
    assert "membership" not in machine.disks or not machine.disks["membership"].names("")


def test_addresses_that_cannot_be_used_are_said() -> None:
    with pytest.raises(WeighbridgeError) as caught:
        client_of("http://fleet.example.com")
    assert caught.value.code == "E-fleet-address"
