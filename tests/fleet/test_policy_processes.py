"""Whole servers behind one PostgreSQL: what one halts is halted for all, is told once, and reaches nobody else."""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from tests.fleet.nursery import until
from tests.fleet.policy_people import publish
from tests.fleet.postgresql import PostgresqlServer
from tests.fleet.server_process import LIMIT, ServerProcess
from tests.sync.policy_server import person

from weighbridge.fleet import enrollment, policy_choice, policy_repository, policy_rings
from weighbridge.fleet.outbox import OUTBOX
from weighbridge.fleet.policy_rings import Ring
from weighbridge.fleet.store import Store
from weighbridge.sync.policy_metadata import add_signature, new_root

pytestmark = pytest.mark.deep
RINGS = (Ring(percent=0, groups=["lab"], hours=24), Ring(percent=100, hours=0))


class Harmful:
    """A model that runs a command when it is loaded; here it never is."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("true",)


class Endpoint:
    """A machine of the fleet: a state folder with a model."""

    def __init__(self, folder: Path) -> None:
        self.model = folder / "pytorch_model.bin"
        folder.mkdir()
        self.model.write_bytes(pickle.dumps(Harmful()))
        self.environment = {**os.environ, "WEIGHBRIDGE_STATE": str(folder / "state"), "NO_COLOR": "1"}

    def wb(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "weighbridge", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, check=False, timeout=LIMIT)
        assert done.returncode in (0, 21), done.stderr
        return done.stdout

    def has_the_policy(self) -> bool:
        """Ask the server, and return whether its policy is in force here."""
        self.wb("sync")
        return "policy     1 of the fleet is in force" in self.wb("enroll", "--status")

    def tells(self) -> None:
        """Weigh the model and send what was recorded."""
        self.wb("scan", str(self.model), "--record", "--quiet")
        self.wb("sync")


@pytest.fixture
def database(postgresql: PostgresqlServer) -> str:
    return postgresql.new_database()


@pytest.fixture
def servers(database: str, tmp_path: Path) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    first = ServerProcess(database, tmp_path / "first")
    second = ServerProcess(database, tmp_path / "second")
    yield first, second
    for server in (first, second):
        server.kill()


def now() -> int:
    return time.time_ns() // 1_000_000


def found_now(connection: Connection) -> None:
    """Name two people who sign policies, from today on."""
    online = policy_repository.online_key(connection).public_key()
    root = new_root([person(number).public_key() for number in (0, 1)], 2, online, datetime.now(UTC))
    for number in (0, 1):
        root = add_signature(root, person(number))
    policy_repository.add_root(connection, now(), root)


def told(connection: Connection) -> int:
    """Return how often those who are told of decisions were told that a server halted a roll-out."""
    query = select(func.count()).where(OUTBOX.c.body.contains("was halted by the server"))
    return connection.execute(query).scalar() or 0


def state(connection: Connection) -> str:
    found = policy_rings.current(connection)
    return "" if found is None else found.state


def rollout(server: ServerProcess) -> dict[str, Any]:
    said: dict[str, Any] = server.client.get("/api/v1/policy").raise_for_status().json()["rollout"]
    return said


def test_a_roll_out_is_halted_once_and_for_every_server(
    servers: tuple[ServerProcess, ServerProcess], database: str, tmp_path: Path
) -> None:
    first, second = servers
    form = first.sign_in()  # the server that came first printed the link
    second.client.cookies.update(first.client.cookies)
    store = Store.open(database)
    store.write_now(found_now)
    early, late = Endpoint(tmp_path / "early"), Endpoint(tmp_path / "late")
    for endpoint, server in ((early, first), (late, second)):
        made = partial(enrollment.make_token, now=now(), made_by="ada", expires_at=1 << 52, group_name="lab")
        endpoint.wb("enroll", server.origin, "--token", store.write_now(made))
        endpoint.tells()
    store.write_now(partial(publish, now=now(), rings=RINGS))
    assert rollout(first)["state"] == rollout(second)["state"] == "rolling"

    until(early.has_the_policy)
    early.tells()  # it denies what was allowed before
    until(lambda: store.read_now(state) == "halted")
    assert rollout(first) == rollout(second)
    assert rollout(first)["state"] == "halted"
    assert "1 deny more than before" in rollout(second)["reason"]
    time.sleep(policy_choice.SECONDS)  # after which every server looks again
    assert not late.has_the_policy()
    assert early.has_the_policy()
    assert [ring["have"] for ring in second.client.get("/api/v1/policy").json()["rings"]] == [1, 0]
    assert store.read_now(told) == 1

    reason = {"reason": "the model is to be denied"}
    first.client.post("/api/v1/policy/roll-out/go-on", json=reason, headers=form).raise_for_status()
    assert rollout(second)["state"] == "rolling"
    until(late.has_the_policy)
    store.close()
