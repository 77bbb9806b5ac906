"""What a server may answer that is asked for a token; tests/hub/test_device_token.py goes through a whole server."""

import msgspec
import pytest
from tests.pipeline.test_enroll import URL, Answers, joined
from tests.pipeline.test_my_device import Says as SaysLink

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_token import hub_token
from weighbridge.sync.hub_token import HubTokenGiven


class Says(SaysLink):
    def post(self, path, body, headers, limit):
        assert path == "/v1/hub-token"
        return self.reply


def given(token):
    return msgspec.json.encode(HubTokenGiven(token=token, lasts=600, server_time="2026-11-21T09:00:00Z"))


@pytest.fixture
def machine():
    made = FakeMachine()
    joined(made, Answers())
    return made


def test_a_token_comes_with_the_address_of_the_fleet(machine):
    access = hub_token(machine, Says(given("hf_" + "a" * 40)))
    assert (access.url, access.token) == (URL, "hf_" + "a" * 40)


@pytest.mark.parametrize("content", [given("hf_x\nexport EVIL=1"), given(""), b"{", b"<html>"])
def test_what_is_no_token_is_not_kept(machine, content):
    with pytest.raises(WeighbridgeError) as caught:
        hub_token(machine, Says(content))
    assert caught.value.code == "E-enroll-unreachable"
