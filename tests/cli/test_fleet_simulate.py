"""`wb fleet simulate` against a real socket: what it says was sent is what the server has."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.cli_runs import wb
from tests.fleet.http_server import FleetHttp
from tests.fleet.wire import Server

from weighbridge.cli import fleet_simulate
from weighbridge.fleet import endpoints
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[FleetHttp]:
    """Return a server with nobody in its fleet."""
    store = Store.open(f"sqlite:///{tmp_path}/fleet.db")
    METADATA.create_all(store.database.engine)
    server = Server(store)
    server.clock = time.time()
    with FleetHttp(server) as listening:
        yield listening
    store.close()


def test_simulated_endpoints_enroll_and_send_and_come_twice_as_others(fleet: FleetHttp, tmp_path: Path) -> None:
    store = fleet.fleet.store
    (tmp_path / "token").write_text(fleet.fleet.token(most_uses=5) + "\n")
    given = ("--token-file", str(tmp_path / "token"), "--rounds", "2", "--records", "5")
    code, out, err = wb("fleet", "simulate", fleet.url, "--devices", "3", *given)
    assert (code, out) == (0, ""), err
    assert "3 simulated endpoints" in err
    sent = store.read_now(lambda connection: connection.execute(select(func.count()).select_from(RECORDS)).scalar())
    assert f"{sent} records in 6 messages" in err
    assert wb("fleet", "simulate", fleet.url, "--devices", "2", *given)[0] == 0
    assert len(store.read_now(endpoints.page)) == 5
    code, _, err = wb("fleet", "simulate", fleet.url, "--devices", "1", *given)
    assert code == 1
    assert "error[E-enroll-refused]" in err


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("wbe-of-nobody")
    code, _, err = wb("fleet", "simulate", "http://127.0.0.1:1", "--token-file", str(tmp_path / "token"))
    assert code == 1
    assert "error[E-sync-failed]" in err


def test_an_installation_says_that_the_simulator_is_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet_simulate, "_ROOT", tmp_path)
    code, _, err = wb("fleet", "simulate", "http://127.0.0.1:1", "--token-file", str(tmp_path / "token"))
    assert code == 2
    assert "in a checkout" in err
