"""`wb fleet report`: from the server's database to a pack that verifies, without a server."""

import json

import pytest
from tests.cli_runs import wb

from weighbridge.fleet import audit
from weighbridge.fleet.opening import open_to_serve
from weighbridge.fleet.store import Store


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    url = f"sqlite:///{tmp_path}/fleet.db"
    open_to_serve(url, 1_000).close()
    return url


def test_a_pack_is_written_and_verifies(database, tmp_path):
    code, out, said = wb("fleet", "report", "board", "--days", "30", "-o", "board.zip", "--database", database)
    assert (code, out) == (0, ""), said
    assert "✓ pack     board.zip   Board page, 30 days, the whole fleet" in said
    assert "Covers 0 of 0 enrolled endpoints" in said
    key = wb("fleet", "report", "--key", "--database", database)[1].strip()
    code, out, _ = wb("ledger", "verify", "board.zip", "--key", key)
    assert (code, out.startswith("✓ the pack holds: ")) == (0, True)
    assert "by command line of the server" in out
    store = Store.open(database)
    entry = store.read_now(lambda c: audit.newest(c, 1))[0]
    store.close()
    assert (entry.action, entry.account_id, json.loads(entry.detail)["days"]) == ("report.make", "", 30)


def test_without_a_name_they_are_listed(database):
    code, out, _ = wb("fleet", "report", "--database", database)
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()][:2] == ["board", "dora"]


def test_a_name_that_is_none_is_said_with_the_nearest(database):
    code, _, said = wb("fleet", "report", "hippa", "--database", database)
    assert (code, "did you mean `hipaa`?" in said) == (2, True)


def test_a_place_that_cannot_be_written_is_said(database):
    code, _, said = wb("fleet", "report", "board", "-o", "nowhere/board.zip", "--database", database)
    assert (code, "E-output-failed" in said) == (1, True)
