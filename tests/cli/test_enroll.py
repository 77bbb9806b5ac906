"""`wb enroll` and `wb sync` as people type them, against a real socket."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.cli_runs import wb
from tests.fleet.http_server import FleetHttp
from tests.fleet.policy_people import found, publish
from tests.fleet.wire import Server

from weighbridge.fleet import endpoints, records
from weighbridge.fleet.policy_rings import Ring
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FleetHttp]:
    """Return a server with nobody in its fleet, and give the endpoint a state folder of its own."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("WEIGHBRIDGE_TOKEN", raising=False)
    store = Store.open(f"sqlite:///{tmp_path}/fleet.db")
    METADATA.create_all(store.database.engine)
    server = Server(store)
    server.clock = time.time()
    with FleetHttp(server) as listening:
        yield listening
    store.close()


def test_join_send_look_and_leave(fleet: FleetHttp, tmp_path: Path) -> None:
    store = fleet.fleet.store
    (tmp_path / "token").write_text(fleet.fleet.token() + "\n")
    code, out, err = wb("enroll", fleet.url, "--token-file", str(tmp_path / "token"))
    assert (code, out) == (0, "")
    assert "belongs to the fleet" in err
    assert "wb ledger show" in err
    (tmp_path / "model.gguf").write_bytes(b"GGUF" + bytes(100))
    assert wb("scan", str(tmp_path / "model.gguf"), "--record", "--quiet", "--format", "json")[0] in (0, 4, 20, 21)
    code, _, err = wb("sync")
    assert code == 0
    assert "has every signed record" in err
    (endpoint,) = store.read_now(endpoints.page)
    count = store.read_now(lambda connection: records.count(connection, endpoint.endpoint_id))
    code, out, _ = wb("enroll", "--status")
    assert code == 0
    assert f"records    {count} of {count} are at the server" in out
    assert endpoint.endpoint_id in out
    assert wb("enroll", fleet.url, "--token", "no longer needed")[0] == 0
    assert wb("enroll", fleet.url)[0] == 0
    verified = wb("ledger", "verify", "--against", str(tmp_path / "state" / "membership" / "witnessed"))
    assert verified[0] == 0, verified
    code, _, err = wb("enroll", "--leave")
    assert code == 0
    assert wb("sync")[0] == 3
    assert wb("enroll", "--status")[0] == 3


def test_a_server_that_is_not_there(fleet: FleetHttp) -> None:
    assert wb("enroll", fleet.url, "--token", fleet.fleet.token())[0] == 0
    fleet.__exit__()
    code, _, err = wb("sync")
    assert code == 1
    assert "error[E-sync-failed]" in err
    assert "nothing is lost" in err
    assert "trouble" in wb("enroll", "--status")[1]


def test_a_machine_that_was_there_first_learns_whose_policies_count_without_a_token(
    fleet: FleetHttp, tmp_path: Path
) -> None:
    assert wb("enroll", fleet.url, "--token", fleet.fleet.token())[0] == 0
    root = fleet.fleet.store.write_now(found)
    fleet.fleet.store.write_now(partial(publish, rings=(Ring(percent=100, hours=0),)))
    assert wb("sync")[0] == 0
    status = wb("enroll", "--status")[1]
    assert "never told whose signatures count" in status
    assert f"`wb enroll {fleet.url}`" in status
    (tmp_path / "root.json").write_bytes(root)
    code, _, err = wb("enroll", fleet.url, "--policy-root", str(tmp_path / "root.json"))
    assert code == 0
    assert "2 of 2 for policies" in err


def test_a_token_that_is_none(fleet: FleetHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = wb("enroll", fleet.url, "--token", "wbe-guess")
    assert code == 1
    assert "error[E-enroll-refused]" in err
    monkeypatch.setenv("WEIGHBRIDGE_TOKEN", fleet.fleet.token())
    assert wb("enroll", fleet.url)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give the URL"),
        (("https://x.example", "--status"), "give the URL"),
        (("https://x.example",), "a token is needed"),
        (("https://x.example", "--token", "a", "--token-file", "b"), "exclude"),
        (("https://x.example", "--token-file", "/no/such/file"), "--token-file"),
        (("https://x.example", "--token", "a" * 10, "--ca", "/no/such/file"), "--ca"),
        (("http://x.example", "--token", "a" * 10), "not encrypted"),
        (("https://x.example", "--token", "a" * 10, "--proxy", "socks5://x"), "proxy"),
    ],
)
def test_what_cannot_be_meant(
    arguments: tuple[str, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("WEIGHBRIDGE_TOKEN", raising=False)
    code, out, err = wb("enroll", *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert not (tmp_path / "state" / "membership").exists()
