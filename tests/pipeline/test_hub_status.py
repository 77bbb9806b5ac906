"""What is set up on a machine, and whom the hub takes its person for."""

import pytest

from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_client
from weighbridge.pipeline.hub_setting_up import apply, plan
from weighbridge.pipeline.hub_status import Known, untold, who_asks

WHO = {"type": "user", "name": "dana", "auth": {"type": "access_token", "accessToken": {"role": "write"}}}


@pytest.fixture
def access(hub, home, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return HubAccess(url=hub.url, token="hf_" + "a" * 40)


def test_files_that_say_something_else_are_named(home, access):
    machine = RealMachine()
    assert untold(machine, access) is None
    apply(machine, plan(machine, access))
    assert untold(machine, access) == []
    (home / ".bashrc").write_text("")
    assert untold(machine, access) == [str(home / ".bashrc")]


@pytest.mark.parametrize(
    ("answer", "known"),
    [(WHO, Known(name="dana", right="write")), ({"name": "dana"}, Known(name="dana", right=""))],
)
def test_the_hub_says_who_one_is(hub, access, answer, known):
    hub.answers["/api/whoami-v2"] = 200, answer
    client = hub_client(access)
    assert who_asks(client, access) == known
    client.close()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((401, {"error": "Who asks? Make a token."}), "E-hub-refused"),
        ((200, []), "E-hub-answer"),
    ],
)
def test_anything_else_is_an_error(hub, access, answer, code):
    hub.answers["/api/whoami-v2"] = answer
    client = hub_client(access)
    with pytest.raises(WeighbridgeError) as caught:
        who_asks(client, access)
    client.close()
    assert caught.value.code == code
