import pytest
from tests.sync.policy_server import policy_files

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import Held, PolicyFolder, fleet_policy, held_now
from weighbridge.sync.policy_bundle import packed


def test_a_machine_without_a_fleet_holds_nothing():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    assert (folder.metadata(), folder.bundle(), folder.state()) == ({}, None, Held())
    assert held_now(machine) == Held()
    with pytest.raises(WeighbridgeError, match="no policy from a fleet"):
        fleet_policy(machine)


def test_what_is_said_is_kept_and_forgotten_together():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    folder.keep({"root.json": b"r", "timestamp.json": b"t"})
    folder.put_in_force(packed(3, policy_files(3)))
    said = folder.say(3, "unreachable", "x" * 1000)
    assert PolicyFolder(machine).state() == said
    assert (said.refreshed_at, len(said.reason)) == ("", 255)
    assert folder.say(3).refreshed_at == folder.state().tried_at
    folder.pin(b"other")
    assert folder.metadata() == {"root.json": b"other"}
    assert fleet_policy(machine).title == "balanced 3"
    folder.forget()
    assert (folder.metadata(), folder.bundle(), folder.state()) == ({}, None, Held())


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"number":true,"code":[]}', b'{"number":-1}'])
def test_a_state_that_cannot_be_read_says_nothing(content):
    machine = FakeMachine()
    machine.durable_folder("policy").replace({"state": content})
    assert PolicyFolder(machine).state().number == 0


def test_a_disk_that_cannot_be_written_is_said():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    folder.keep({"root.json": b"r"})
    machine.disks["policy"].capacity = 0
    with pytest.raises(WeighbridgeError):
        folder.say(1)
