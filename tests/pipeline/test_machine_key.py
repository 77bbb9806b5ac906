"""What is told of a machine's key; tests/hub/test_device_key.py goes through a whole server."""

import msgspec
import pytest
from tests.pipeline.test_enroll import Answers, joined

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpReply
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.machine_key import tell_machine_key
from weighbridge.sync.machine_key import MACHINE_KEY_PATH, MachineKeyTaken

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


def test_an_answer_that_is_none_is_said(machine):
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(machine, Hears(b"<html>"), "ssh-ed25519 AAAA")
    assert caught.value.code == "E-enroll-unreachable"
