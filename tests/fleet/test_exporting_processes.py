"""Whole servers: what is in the outbox reaches its target though the server that took it is killed."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.fleet.receivers import HttpReceiver, Received, Reply
from tests.fleet.server_process import ServerProcess
from tests.fleet.small_fleet import fill
from tests.fleet.test_exporting import ids
from tests.fleet.told import tell_records

from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.store import Store


def test_a_server_that_is_killed_while_it_sends_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_EXPORT_NETWORKS", "127.0.0.0/8")
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    now = int(time.time() * 1000)

    def told(connection: Connection) -> None:
        fill(connection)
        tell_records(connection, 0, 8, now)

    store = Store.open(url)
    migrate(store)
    store.write_now(told)
    store.close()
    servers = [ServerProcess(url, tmp_path)]

    def answer(_: Received) -> Reply | None:
        if servers[-1].process.poll() is not None or len(servers) > 1:
            return Reply()
        servers[-1].process.kill()
        return None

    try:
        with HttpReceiver(answer) as receiver:
            wanted = {"name": "n", "kind": "webhook", "address": receiver.url, "format": "ecs", "since": 0}
            form = servers[0].sign_in()
            servers[0].client.post("/api/v1/exports", json=wanted, headers=form).raise_for_status()
            first = receiver.wait_for(1)[0]
            servers[0].kill()
            servers.append(ServerProcess(url, tmp_path))
            second = receiver.wait_for(2)[1]
            assert ids([first.body]) == ids([second.body])
            assert len(set(ids([second.body]))) == 8
            servers[1].kill()
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.kill()
