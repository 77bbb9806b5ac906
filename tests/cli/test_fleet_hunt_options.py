"""How a hunt gets to the fleet."""

import click
import pytest

from weighbridge.cli.fleet_hunt_ask import Remote
from weighbridge.cli.fleet_hunt_options import Way
from weighbridge.model.errors import WeighbridgeError

NOWHERE = Way(database=None, config=None, server=None, token_file=None, ca=None, proxy=None)


def test_a_token_can_stand_in_a_variable(monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_API_TOKEN", " wbt_x\n")
    with NOWHERE._replace(server="https://fleet.example.com").asker() as asker:
        assert isinstance(asker, Remote)


def test_a_server_without_tls_is_not_asked(tmp_path):
    token = tmp_path / "token"
    token.write_text("wbt_x")
    way = NOWHERE._replace(server="http://fleet.example.com", token_file=str(token))
    with pytest.raises(WeighbridgeError) as refused, way.asker():
        raise AssertionError
    assert refused.value.code == "E-fleet-address"


def test_a_file_that_is_none_is_named():
    way = NOWHERE._replace(server="https://fleet.example.com", token_file="/no/such")
    with pytest.raises(click.UsageError, match="--token-file /no/such"), way.asker():
        raise AssertionError
