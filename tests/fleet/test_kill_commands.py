"""kill -9 of what works on a database beside the server: backup, migration, publishing. All is done, or nothing."""

import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert
from tests.conftest import rounds
from tests.fleet.nursery import Nursery
from tests.fleet.small_fleet import LAPTOP, fill
from tests.fleet.told import tell_records

from weighbridge.fleet import policy_rings, policy_versions, records
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.migrate import migrate, names, revision
from weighbridge.fleet.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "pidfd_open"), reason="kills by pidfd")
RECORDS = 400


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    return rounds(request.config, few=4, deep=20)


class Filled:
    """A database with records in it, and commands on it that can be killed."""

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self.url, self.folder, self._nursery = f"sqlite:///{folder}/fleet.db", folder, nursery
        self.draw = random.Random(5)
        store = Store.open(self.url)
        migrate(store)
        store.write_now(fill)
        for first in range(0, RECORDS, 100):
            store.write_now(lambda c, first=first: tell_records(c, first, 100))
        store.close()

    def wb(self, *arguments: str) -> int:
        return self._nursery.wait(self._start(*arguments))

    def killed(self, *arguments: str, within: float) -> bool:
        """Run a command and kill it somewhere on its way; tell whether it was through before."""
        return self._nursery.kill(self._start(*arguments), self.draw.uniform(0, within)) == 0

    def measured(self, *arguments: str) -> float:
        began = time.monotonic()
        assert self.wb(*arguments) == 0
        return time.monotonic() - began

    def held(self, path: Path | None = None) -> list[bytes]:
        store = Store.open(self.url if path is None else f"sqlite:///{path}")
        try:
            found = store.read_now(lambda c: records.of_endpoint(c, LAPTOP, limit=10_000))
        finally:
            store.close()
        return [one.entry for one in found]

    def _start(self, *arguments: str) -> int:
        work = ["wb", "fleet", *arguments, "--database", self.url]
        return self._nursery.start(work, state=self.folder / "state", log=self.folder / "log")


@pytest.fixture
def filled(nursery: Nursery, tmp_path: Path) -> Filled:
    return Filled(nursery, tmp_path)


def test_a_backup_that_was_killed_is_none_and_one_that_is_there_is_whole(filled: Filled, times: int) -> None:
    before = filled.held()
    within = filled.measured("backup", str(filled.folder / "calm.db"))
    for number in range(times):
        path = filled.folder / f"backup-{number}.db"
        through = filled.killed("backup", str(path), within=within)
        assert path.exists() or not through
        if path.exists():
            assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert filled.held(path) == before
    again = filled.folder / "again.db"
    assert filled.wb("backup", str(again)) == 0
    for number in range(times):
        filled.killed("restore", str(again), "--yes", within=within)
        assert filled.held() == before, number
    assert filled.wb("restore", str(again), "--yes") == 0
    assert filled.held() == before


def test_a_migration_that_was_killed_was_all_or_nothing(filled: Filled, times: int) -> None:
    before, known = filled.held(), names()
    back = known[5]
    within = filled.measured("migrate", "--to", back, "--yes") + filled.measured("migrate", "--to", known[-1])
    for number in range(times):
        wanted = back if number % 2 == 0 else known[-1]
        filled.killed("migrate", "--to", wanted, "--yes", within=within / 2)
        store = Store.open(filled.url)
        assert revision(store) in (back, known[-1])
        store.close()
    assert filled.wb("migrate", "--to", known[-1]) == 0
    assert filled.held() == before
    store = Store.open(filled.url)
    columns = store.read_now(lambda c: c.exec_driver_sql("PRAGMA table_info(endpoints)").all())
    assert {row[1] for row in columns} == {column.name for column in ENDPOINTS.columns}
    with pytest.raises(Exception, match="NOT NULL"):
        store.write_now(lambda c: c.execute(insert(ENDPOINTS).values(endpoint_id="d" * 16)))
    store.close()


def test_a_policy_is_published_whole_and_once(filled: Filled, times: int) -> None:
    folder = filled.folder
    for arguments in (
        ["sign", "--new-key", str(folder / "ada")],
        ["policy", "show", "balanced", "--write", str(folder / "acme")],
    ):
        work = ["wb", *arguments]
        assert filled._nursery.wait(filled._nursery.start(work, state=folder / "state", log=folder / "log")) == 0
    root, key = str(folder / "root.json"), str(folder / "ada")
    assert filled.wb("policy", "root", "--signer", f"{key}.pub", "--threshold", "1", "-o", root) == 0
    _sign(filled, root, key)
    within = filled.measured("policy", "publish", root)
    number = 0
    for _ in range(times):
        text = str(folder / "to-sign.json")
        filled.killed("policy", "upload", str(folder / "acme"), "-o", text, within=within)
        held = _versions(filled)
        assert held in (number, number + 1), "one upload makes one version, whole, or none"
        number = held
        for other in range(1, held + 1):
            assert filled.wb("policy", "diff", str(other)) == 0
    assert filled.wb("policy", "upload", str(folder / "acme"), "-o", text) == 0
    number = _versions(filled)
    _sign(filled, text, key)
    published = [filled.killed("policy", "publish", text, within=within) for _ in range(times)]
    if not any(published):
        filled.wb("policy", "publish", text)
    store = Store.open(filled.url)
    rollout = store.read_now(policy_rings.current)
    store.close()
    assert rollout is not None
    assert rollout.number == number
    assert filled.wb("policy", "status") == 0


def _sign(filled: Filled, text: str, key: str) -> None:
    work = ["wb", "fleet", "policy", "sign", text, "--key", key]
    assert (
        filled._nursery.wait(filled._nursery.start(work, state=filled.folder / "state", log=filled.folder / "log")) == 0
    )


def _versions(filled: Filled) -> int:
    store = Store.open(filled.url)
    try:
        return len(store.read_now(policy_versions.versions))
    finally:
        store.close()
