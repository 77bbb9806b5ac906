import io

import pytest
from tests.cli_runs import wb

from weighbridge.cli.fleet import SUMMARIES
from weighbridge.fleet import accounts, links
from weighbridge.fleet.migrate import names, revision
from weighbridge.fleet.opening import open_to_serve
from weighbridge.fleet.store import Store


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    url = f"sqlite:///{tmp_path}/fleet.db"
    open_to_serve(url, 1_000).close()
    return url


def test_every_subcommand_is_listed_and_loads(capsys):
    assert wb("fleet", "--help")[0] == 0
    listed = " ".join(capsys.readouterr().out.split())
    for name, summary in SUMMARIES.items():
        assert f"{name} {summary}" in listed
        assert wb("fleet", name, "--help")[0] == 0


def test_who_lost_a_password_gets_a_link_from_the_machine(database):
    status, out, _ = wb("fleet", "sign-in", "--database", database, "--url", "https://fleet.example.com")
    assert status == 0
    assert out.startswith("https://fleet.example.com/sign-in/")
    store = Store.open(database)
    secret = out.strip().rpartition("/")[2]
    now = store.read_now(lambda c: c.execute(links.LINKS.select()).first()).expires_at - 1
    assert store.write_now(lambda c: links.use(c, now, secret)) is not None
    store.close()


def test_an_unknown_account_is_said_with_those_that_are(database):
    status, out, said = wb("fleet", "sign-in", "nobody", "--database", database)
    assert (status, out) == (2, "")
    assert "E-account" in said
    assert "administrator" in said


def test_a_backup_is_written_and_put_back(database, tmp_path):
    target = str(tmp_path / "backup.db")
    assert wb("fleet", "backup", target, "--database", database)[0] == 0
    assert wb("fleet", "backup", target, "--database", database)[0] == 1
    opened = open_to_serve(database, 2_000)
    assert "E-store-served" in wb("fleet", "restore", target, "--yes", "--database", database)[2]
    opened.close()
    status, _, said = wb("fleet", "restore", target, "--yes", "--database", database)
    assert status == 0, said
    opened = open_to_serve(database, 3_000)
    assert opened.store.read_now(accounts.count) == 1
    opened.close()


def test_nobody_is_asked_where_nobody_answers(database, tmp_path, monkeypatch):
    target = str(tmp_path / "backup.db")
    wb("fleet", "backup", target, "--database", database)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    status, _, said = wb("fleet", "restore", target, "--database", database)
    assert (status, "--yes" in said) == (2, True)


def test_tables_go_back_and_forward(database):
    first, last = names()[0], names()[-1]
    assert "already" in wb("fleet", "migrate", "--database", database)[2]
    status, _, said = wb("fleet", "migrate", "--to", first, "--yes", "--database", database)
    assert (status, first in said) == (0, True), said
    store = Store.open(database)
    assert revision(store) == first
    store.close()
    assert last in wb("fleet", "migrate", "--database", database)[2]
    assert "E-store-revision" in wb("fleet", "migrate", "--to", "m9999_never", "--database", database)[2]
    opened = open_to_serve(database, 2_000)
    assert "E-store-served" in wb("fleet", "migrate", "--database", database)[2]
    opened.close()


def test_going_back_is_asked_for(database, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert wb("fleet", "migrate", "--to", names()[0], "--database", database)[0] == 2
    store = Store.open(database)
    assert revision(store) == names()[-1]
    store.close()
