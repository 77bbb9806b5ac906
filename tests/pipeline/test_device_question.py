"""One signed question: refusals and silence are told with what a person can do."""

import msgspec
import pytest
from tests.pipeline.test_enroll import Answers, joined
from tests.pipeline.test_my_device import Says

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.device_question import device_answer
from weighbridge.sync.messages import Refused
from weighbridge.sync.my_device import MY_DEVICE_PATH, AskMyDevice, MyDeviceLink


def ask(machine, sending):
    return device_answer(machine, sending, MY_DEVICE_PATH, AskMyDevice(), MyDeviceLink, what="no link", hint="do this")


@pytest.fixture
def machine():
    made = FakeMachine()
    joined(made, Answers())
    return made


def test_a_refusal_is_told_in_its_words(machine):
    refusal = msgspec.json.encode(Refused(code="revoked", message="closed", server_time="2026-11-21T09:00:00Z"))
    with pytest.raises(WeighbridgeError) as caught:
        ask(machine, Says(refusal, 403))
    assert (caught.value.code, caught.value.hint) == ("E-enroll-refused", "do this")
    assert caught.value.message.endswith("closed")


def test_silence_is_told(machine):
    class Silent:
        def post(self, *_):
            raise HttpError("connection refused")

    with pytest.raises(WeighbridgeError) as caught:
        ask(machine, Silent())
    assert caught.value.message == "the server gives no link: connection refused"


def test_a_machine_of_no_fleet_asks_nobody():
    with pytest.raises(WeighbridgeError) as caught:
        ask(FakeMachine(), Says(b""))
    assert caught.value.code == "E-not-enrolled"
