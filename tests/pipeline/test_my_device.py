"""What a server may answer who is asked for a link; the way through a whole server is in tests/fleet/test_my_device."""

import msgspec
import pytest
from tests.pipeline.test_enroll import URL, Answers, joined

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.my_device import my_device
from weighbridge.sync.my_device import MyDeviceLink


class Says:
    def __init__(self, content: bytes, status: int = 200) -> None:
        self.reply = HttpReply(status, {}, content)

    def post(self, path: str, body: bytes, headers: dict[str, str], limit: int) -> HttpReply:
        assert path == "/v1/my-device"
        return self.reply


def link(secret: str) -> bytes:
    return msgspec.json.encode(MyDeviceLink(secret=secret, lasts=600, server_time="2026-11-21T09:00:00Z"))


@pytest.fixture
def machine() -> FakeMachine:
    made = FakeMachine()
    joined(made, Answers())
    return made


def test_a_link_begins_with_the_address_of_the_fleet(machine: FakeMachine) -> None:
    found = my_device(machine, Says(link("s" * 43)))  # type: ignore[arg-type]
    assert found.address == f"{URL}/sign-in/{'s' * 43}"
    assert found.lasts.total_seconds() == 600


@pytest.mark.parametrize("content", [link("../../evil"), b'{"detail":"there is nothing here"}', b"{", b"<html>"])
def test_what_is_no_link_is_not_shown(machine: FakeMachine, content: bytes) -> None:
    with pytest.raises(WeighbridgeError) as caught:
        my_device(machine, Says(content))  # type: ignore[arg-type]
    assert caught.value.code == "E-enroll-unreachable"


def test_a_machine_of_no_fleet_asks_nobody() -> None:
    with pytest.raises(WeighbridgeError) as caught:
        my_device(FakeMachine(), Says(b""))  # type: ignore[arg-type]
    assert caught.value.code == "E-not-enrolled"


def test_no_answer_is_said(machine: FakeMachine) -> None:
    class Silent:
        def post(self, *_: object) -> HttpReply:
            raise HttpError("connection refused")

    with pytest.raises(WeighbridgeError, match="connection refused"):
        my_device(machine, Silent())  # type: ignore[arg-type]
