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


def test_a_token_is_made_as_a_definition_says(database, tmp_path):
    file = tmp_path / "fleet.yaml"
    file.write_text("enrollment:\n  - {name: laptops, group: lab, labels: {tier: '1'}, uses: 50}\n")
    assert wb("fleet", "apply", str(file), "--database", database)[0] == 0
    assert wb("fleet", "token", "--like", "laptops", "--database", database)[0] == 0
    assert wb("fleet", "token", "--label", "site=berlin", "--database", database)[0] == 0
    store = Store.open(database)
    found = {one.labels: (one.note, one.group_name, one.most_uses) for one in store.read_now(enrollment.tokens)}
    store.close()
    assert found == {'{"tier":"1"}': ("laptops", "lab", 50), '{"site":"berlin"}': ("", "", 1)}
    status, _, said = wb("fleet", "token", "--like", "laptop", "--database", database)
    assert (status, "did you mean `laptops`?" in said) == (2, True)
    assert wb("fleet", "token", "--label", "Site", "--database", database)[0] == 2
