"""`wb hub work`: the jobs of the hub in a process of its own."""

import asyncio

from obstore.store import LocalStore
from tests.cli.fleet_kit import wb
from tests.fleet.serving import running
from tests.hub.holding import committed
from tests.hub.weighable import CLEAN

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store
from weighbridge.hub import releases
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub
from weighbridge.hub.states import State


def test_jobs_that_are_due_are_done(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    (tmp_path / "fleet").mkdir()
    store = Store.open(f"sqlite:///{tmp_path}/fleet/fleet.db")
    migrate(store)
    with running(store) as started:
        started.hub = Hub(started.server, BlobStore(LocalStore(str(tmp_path / "hub"), mkdir=True)))
        made = asyncio.run(committed(started, CLEAN))
    code, _, said = wb("hub", "work", "--once")
    assert code == 0, said
    assert "jobs done" in said
    after = store.read_now(lambda connection: releases.by_id(connection, made.release_id))
    store.close()
    assert after.state is State.APPROVED
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "hub-record"))
    code, _, said = wb("ledger", "verify")
    assert code == 0, said
    assert "release" in wb("ledger", "show")[1]
