"""What is told of a machine's key; tests/hub/test_device_key.py goes through a whole server."""

import msgspec
import pytest
from tests.hub.ollama_key import OllamaKey
from tests.pipeline.test_enroll import Answers, joined

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpReply
from weighbridge.hub.machine_keys import has_signed
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.machine_key import tell_machine_key
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.sync.envelope import unpacked
from weighbridge.sync.machine_key import MACHINE_KEY_PATH, MachineKeyTaken, TellMachineKey, to_prove

TAKEN = msgspec.json.encode(MachineKeyTaken(server_time="2026-11-21T09:00:00Z"))


class Hears:
    def __init__(self, content: bytes = TAKEN) -> None:
        self.content, self.bodies = content, []

    def post(self, path, body, headers, limit):
        assert path == MACHINE_KEY_PATH
        self.bodies.append(body)
        return HttpReply(200, {}, self.content)


@pytest.fixture
def machine():
    made = FakeMachine()
    joined(made, Answers())
    return made


def test_the_comment_of_a_key_is_not_told(machine):
    server = Hears()
    tell_machine_key(machine, server, "ssh-ed25519 AAAA ada@laptop")
    tell_machine_key(machine, server, "ssh-ed25519 AAAA", forget=True)
    assert all(b"ssh-ed25519 AAAA" in body and b"ada" not in body for body in server.bodies)
    assert [b'"forget":true' in body for body in server.bodies] == [False, True]


def test_the_key_signs_that_it_is_of_this_machine_where_it_can(machine):
    key, server = OllamaKey(), Hears()
    machine.add_file(b"/home/ada/.ollama/id_ed25519", key.private)
    machine.add_file(b"/other/id_ed25519", OllamaKey().private)
    machine.add_file(b"/broken/id_ed25519", b"-----BEGIN OPENSSH PRIVATE KEY-----\n")
    machine.add_file(b"/none/id_ed25519.pub", b"")
    for folder in (b"/home/ada/.ollama", b"/other", b"/broken", b"/none", b""):
        assert tell_machine_key(machine, server, key.line, folder=folder) == ""
    tell_machine_key(machine, server, key.line, folder=b"/home/ada/.ollama", forget=True)
    told = [unpacked(body, TellMachineKey) for body in server.bodies]
    assert [bool(one.proof) for one in told] == [True, False, False, False, False, False]
    endpoint_id = FleetFolder(machine).membership().endpoint_id
    assert has_signed(key.public, to_prove(endpoint_id, key.public), told[0].proof)
    assert not has_signed(key.public, to_prove("a" * 16, key.public), told[0].proof)


def test_what_ollama_has_to_do_is_handed_on(machine):
    content = msgspec.json.encode(MachineKeyTaken(server_time="2026-11-21T09:00:00Z", command="ollama pull h/link/x"))
    assert tell_machine_key(machine, Hears(content), "ssh-ed25519 AAAA") == "ollama pull h/link/x"


def test_an_answer_that_is_none_is_said(machine):
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(machine, Hears(b"<html>"), "ssh-ed25519 AAAA")
    assert caught.value.code == "E-enroll-unreachable"
