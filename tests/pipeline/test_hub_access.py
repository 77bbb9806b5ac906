"""Which hub it is: what the surroundings say, then what was kept, then the fleet's own."""

import pytest
from tests.pipeline.test_enroll import URL, Answers, joined

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess, hub_access, hub_client, keep_access, kept_access

KEPT = HubAccess(url="https://hub.example.com", token="hf_" + "a" * 40, authorities="pem", proxy="http://p:3128")


def test_nothing_known_is_said():
    with pytest.raises(WeighbridgeError) as caught:
        hub_access(FakeMachine())
    assert caught.value.code == "E-no-hub"


def test_the_fleet_of_the_machine_has_a_hub():
    machine = FakeMachine(environment={"HF_TOKEN": "hf_x"})
    joined(machine, Answers())
    assert hub_access(machine) == HubAccess(url=URL, token="hf_x")


def test_what_was_kept_goes_before_the_fleet_and_can_be_forgotten():
    machine = FakeMachine()
    joined(machine, Answers())
    keep_access(machine, KEPT)
    assert hub_access(machine) == kept_access(machine) == KEPT
    keep_access(machine, None)
    assert hub_access(machine).url == URL
    assert kept_access(machine) is None


def test_the_token_of_one_hub_is_not_sent_to_another():
    machine = FakeMachine(environment={"WEIGHBRIDGE_HUB": "https://other.example.com/"})
    keep_access(machine, KEPT)
    assert hub_access(machine) == HubAccess(url="https://other.example.com")
    machine.variables["WEIGHBRIDGE_HUB"] = KEPT.url
    assert hub_access(machine).token == KEPT.token


def test_a_damaged_file_is_said():
    machine = FakeMachine()
    keep_access(machine, KEPT)
    machine.durable_folder("hub-access").replace({"access": b"{"})
    with pytest.raises(WeighbridgeError) as caught:
        hub_access(machine)
    assert caught.value.code == "E-fleet-state"


@pytest.mark.parametrize("url", ["http://hub.example.com", "ftp://x", "https://a/b", "nonsense"])
def test_an_address_that_is_none_is_refused_with_its_reason(url):
    with pytest.raises(WeighbridgeError) as caught:
        hub_client(HubAccess(url=url))
    assert caught.value.code == "E-fleet-address"


def test_without_a_token_nothing_says_who_asks():
    assert HubAccess(url="https://x").headers == {}
    assert KEPT.headers == {"Authorization": f"Bearer {KEPT.token}"}
