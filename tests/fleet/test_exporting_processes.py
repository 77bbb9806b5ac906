"""Whole servers: what is in the outbox reaches its target though the server that took it is killed."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.fleet.jira import TOKEN, Jira
from tests.fleet.receivers import LIMIT, HttpReceiver, Received, Reply
from tests.fleet.server_process import ServerProcess
from tests.fleet.small_fleet import fill
from tests.fleet.test_exporting import ids
from tests.fleet.told import tell_records

from weighbridge.fleet import export_targets
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


def sent(url: str) -> int:
    """Return how many events the only target took."""
    store = Store.open(url)
    try:
        return store.read_now(export_targets.listed)[0].sent
    finally:
        store.close()


def test_a_server_that_is_killed_after_it_made_an_issue_makes_no_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_EXPORT_NETWORKS", "127.0.0.0/8")
    url = f"sqlite:///{tmp_path / 'fleet.db'}"
    now = int(time.time() * 1000)

    def told(connection: Connection) -> None:
        fill(connection)
        tell_records(connection, 0, 1, now)

    store = Store.open(url)
    migrate(store)
    store.write_now(told)
    store.close()
    servers = [ServerProcess(url, tmp_path)]

    def killed(method: str, path: str) -> bool:
        if len(servers) > 1 or (method, path) != ("POST", "/rest/api/3/issue"):
            return False
        servers[0].process.kill()
        return True

    try:
        with Jira() as jira:
            jira.after = killed
            options = {"project": "SEC", "api": "3"}
            wanted = {"name": "n", "kind": "jira", "address": jira.url, "secret": TOKEN, "since": 0, "options": options}
            form = servers[0].sign_in()
            made = servers[0].client.post("/api/v1/exports", json=wanted, headers=form).raise_for_status().json()
            jira.wait(lambda: len(jira.issues) == 1)
            servers[0].kill()
            asked = len(jira.asked)
            servers.append(ServerProcess(url, tmp_path))
            end = time.monotonic() + LIMIT
            while sent(url) == 0:
                assert time.monotonic() < end
                time.sleep(0.1)
            servers[1].kill()
            assert ("POST", "/rest/api/3/search/jql") in jira.asked[asked:]
            assert ("POST", "/rest/api/3/issue") not in jira.asked[asked:]
            assert len(jira.issues) == 1
            assert made["kind"] == "jira"
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.kill()
