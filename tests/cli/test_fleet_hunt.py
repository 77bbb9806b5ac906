"""`wb fleet hunt`, on the server's machine and through its API."""

import csv
import io
import json
import time

import pytest
from tests.cli_runs import wb
from tests.fleet.certificates import self_signed
from tests.fleet.server_process import ServerProcess
from tests.fleet.small_fleet import LAPTOP, LLAMA, PICKLE, fill
from tests.fleet.things import tell

from weighbridge.fleet.opening import open_to_serve
from weighbridge.fleet.store import Store


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    url = f"sqlite:///{tmp_path}/fleet.db"
    open_to_serve(url, 1_000).close()
    store = Store.open(url)
    store.write_now(fill)
    run = {"pid": 7, "started": 1, "name": "llama-server", "user": "ada", "weights": [{"sha256": LLAMA}]}
    store.write_now(lambda connection: tell(connection, LAPTOP, [("start", {}), ("process", run)]))
    store.close()
    return url


def test_artifacts_are_found_by_a_query(database):
    status, out, said = wb("fleet", "hunt", "format:gguf size:>1GB", "--database", database)
    assert status == 0
    head, row = out.splitlines()
    assert head.split() == ["sha256", "assessment", "format", "size", "on", "gone", "verdict", "path"]
    assert row.split() == [LLAMA[:12], "clean", "gguf", "4.00", "GB", "2", "1", "warn", "/srv/llama.gguf"]
    assert "· 1 artifact" in said


@pytest.mark.parametrize(
    ("what", "query", "expected"),
    [
        ("endpoints", "owner:ada", "laptop"),
        ("findings", "severity:critical", "pickle-call"),
        ("records", f"digest:{LLAMA}", "llama-server (ada)"),
    ],
)
def test_every_list_can_be_asked(database, what, query, expected):
    status, out, _ = wb("fleet", "hunt", "--in", what, query, "--database", database)
    assert status == 0
    assert len(out.splitlines()) == 2
    assert expected in out


def test_programs_get_json_and_comma_separated_values(database):
    _, out, _ = wb("fleet", "hunt", "", "--database", database, "--format", "json", "--limit", "2")
    found = json.loads(out)
    assert (len(found["rows"]), found["is_more"], found["back_to"]) == (2, True, None)
    _, out, _ = wb("fleet", "hunt", "", "--database", database, "--format", "jsonl")
    assert len([json.loads(one) for one in out.splitlines()]) == 3
    _, out, _ = wb("fleet", "hunt", "digest:1a1a", "--database", database, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["sha256"], row["spread_endpoints"], row["measured"]) == (LLAMA, "2", "yes")


def test_pasted_digests_are_hunted_all_at_once(database, tmp_path):
    given = tmp_path / "indicators.txt"
    given.write_text(f"sha256:{LLAMA}\n{PICKLE}  model.pkl\n{'f' * 64}\n{'a' * 40}\n")
    status, out, said = wb("fleet", "hunt", "--digests", str(given), "--database", database)
    assert status == 0
    assert "gone  desktop (bob)" in out
    assert "ran by llama-server (ada)" in out
    assert f"·  {'f' * 64}  not known" in out
    assert "2 of 3 digests known to the fleet" in said
    assert "1 SHA-1 not looked for" in said
    _, out, _ = wb("fleet", "hunt", "--digests", str(given), "--database", database, "-f", "csv")
    assert [row["endpoint_name"] for row in csv.DictReader(io.StringIO(out))] == [
        "laptop",
        "desktop",
        "server",
        "server",
        "",
    ]
    given.write_text("f" * 64)
    assert wb("fleet", "hunt", "--digests", str(given), "--database", database)[0] == 3


def test_a_query_that_is_none_is_pointed_at(database):
    status, out, said = wb("fleet", "hunt", "format:gguf AND licence:mit", "--database", database)
    assert (status, out) == (2, "")
    lines = said.splitlines()
    assert lines[:2] == ["  format:gguf AND licence:mit", "                  ^"]
    assert "did you mean `license`?" in said


def test_what_may_be_asked_is_told(database):
    status, out, _ = wb("fleet", "hunt", "--fields", "--in", "findings", "--database", database)
    assert status == 0
    assert "severity    how bad it is, worst last" in out
    assert "example: open:yes state:new" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give a QUERY"),
        (["x", "--fields"], "give a QUERY"),
        (["--digests", "/no/such/file"], "/no/such/file"),
        (["x", "--ca", "f"], "go with --server"),
        (["x", "--server", "https://fleet.example.com"], "needs a token"),
        (["x", "--server", "https://a.example", "--database", "sqlite:///x"], "exclude each other"),
    ],
)
def test_what_does_not_fit_together_is_refused(database, arguments, says):
    status, out, said = wb("fleet", "hunt", *arguments)
    assert (status, out) == (2, "")
    assert says in said


def test_another_machines_server_says_the_same_over_tls(database, tmp_path, monkeypatch):
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    certificate, key = self_signed(tmp_path)
    server = ServerProcess(database, tmp_path / "state", "--tls-certificate", certificate, "--tls-key", key)
    try:
        url = f"https://127.0.0.1:{server.port}"
        token = tmp_path / "token"
        token.write_text(_token(database))
        away = ("--server", url, "--token-file", str(token), "--ca", certificate)
        for question in (
            ("format:gguf",),
            ("--in", "records", ""),
            ("--in", "findings", "", "-f", "csv"),
            ("--fields",),
            ("none:such",),
        ):
            assert wb("fleet", "hunt", *question, *away) == wb("fleet", "hunt", *question, "--database", database)
        given = tmp_path / "digests"
        given.write_text(LLAMA)
        here = wb("fleet", "hunt", "--digests", str(given), "--database", database)
        assert wb("fleet", "hunt", "--digests", str(given), *away) == here
        status, _, said = wb("fleet", "hunt", "x", "--server", url, "--token-file", str(token))
        assert (status, "E-enroll-unreachable" in said) == (1, True)
        token.write_text("wbt_wrong")
        status, _, said = wb("fleet", "hunt", "x", *away)
        assert (status, "E-not-signed-in" in said) == (2, True)
    finally:
        server.stop()


def _token(database: str) -> str:
    from weighbridge.fleet import accounts, tokens
    from weighbridge.fleet.permissions import Permission, Role

    store = Store.open(database)
    now = int(time.time() * 1000)
    account = store.write_now(lambda connection: accounts.add(connection, now, "hunter", Role.ANALYST))
    wanted = (Permission.FLEET_READ, Permission.RECORDS_READ)
    _, text = store.write_now(
        lambda connection: tokens.make(connection, now, account, name="hunt", permissions=wanted, lasts=86_400_000)
    )
    store.close()
    return text
