"""`wb fleet token`."""

import pytest
from tests.cli_runs import wb

from weighbridge.fleet import audit, enrollment
from weighbridge.fleet.opening import open_to_serve
from weighbridge.fleet.store import Store


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    url = f"sqlite:///{tmp_path}/fleet.db"
    open_to_serve(url, 1_000).close()
    return url


def test_a_token_is_printed_once_and_its_making_is_on_the_trail(database):
    status, out, _ = wb("fleet", "token", "--group", "lab", "--uses", "3", "--approval", "--database", database)
    assert status == 0
    assert out.startswith("wbe-")
    store = Store.open(database)
    (token,) = store.read_now(enrollment.tokens)
    assert (token.group_name, token.most_uses, token.needs_approval, token.made_by) == ("lab", 3, True, "")
    assert token.expires_at - token.made_at == 7 * 24 * 3_600_000
    (entry, *_) = store.read_now(lambda connection: audit.newest(connection, 5))
    assert (entry.action, entry.account_name) == ("enrollment-token.make", "")
    assert out.strip() not in entry.detail
    store.close()


def test_a_group_that_is_none_is_refused(database):
    status, out, said = wb("fleet", "token", "--group", "a\nb", "--database", database)
    assert (status, out) == (2, "")
    assert "E-usage" in said
    assert "letters, digits" in said
