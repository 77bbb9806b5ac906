"""What `wb hub setup` says of Ollama's key; tests/hub/test_new_developer.py tells it to a whole hub."""

import io

from tests.cli_runs import wb

from weighbridge.cli.hub_setup_key import tell_key
from weighbridge.cli.screen import Screen
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_setup import Wanted

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtra2tra2tra2tra2tra2tra2tra2tra2tra2tra2tr"


def setup(small_hub, setup_home, *more):
    return wb("hub", "setup", small_hub.url, "--token-file", str(setup_home / "token"), "--yes", *more)


def test_without_ollama_nothing_is_said_of_it(small_hub, setup_home):
    assert "Ollama" not in setup(small_hub, setup_home)[2]


def test_whoever_is_in_no_fleet_links_the_machine_by_hand(small_hub, setup_home):
    (setup_home / ".ollama").mkdir()
    assert "makes its key when it first runs" in setup(small_hub, setup_home)[2]
    (setup_home / ".ollama" / "id_ed25519.pub").write_text(f"{KEY} dana@laptop\n")
    code, _, err = setup(small_hub, setup_home)
    assert code == 0
    assert f"{small_hub.url}/catalog/tokens" in err
    assert KEY in err
    assert "dana@laptop" not in err
    assert small_hub.posted == []
    assert "if you linked Ollama here, remove its key" in wb("hub", "setup", "--undo", "--yes")[2]


def test_certificates_are_for_its_system_to_trust(setup_home):
    (setup_home / ".ollama").mkdir()
    access = HubAccess(url="https://hub.example.com", authorities="-----BEGIN CERTIFICATE-----\n")
    err = io.StringIO()
    wanted = Wanted(url=access.url, authorities_file="/x/authorities.pem")
    tell_key(Screen(io.StringIO(), err, {}), RealMachine(), access, wanted)
    assert "add /x/authorities.pem there, and restart Ollama" in err.getvalue()
