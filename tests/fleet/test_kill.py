"""kill -9 at random points, of the server, of endpoints, of the database: what was acknowledged is there, once."""

import os
import random
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.conftest import rounds, unavailable
from tests.fleet.nursery import Nursery, until
from tests.fleet.postgresql import ForbiddenError, PostgresqlServer, UnavailableError
from tests.fleet.server_process import free_port

from weighbridge.fleet import enrollment, outbox, records, sightings, witness
from weighbridge.fleet.store import Store
from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.canonical import parsed
from weighbridge.ledger.reader import LogReader

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not hasattr(os, "pidfd_open"), reason="kills by pidfd")
FEW, MANY, SHARES = 2, 50, 10
"""Kills of each side, on each kind of database; with --deep in so many shares, each with an end of its own."""
RECORDS = 30
PLACES = 7


class Endpoint:
    """An endpoint in a state folder of its own."""

    def __init__(self, nursery: Nursery, folder: Path, log: Path) -> None:
        self.state, self._nursery, self._log = folder, nursery, log

    def start(self, *work: list[str]) -> int:
        return self._nursery.start(*work, state=self.state, log=self._log)

    def wb(self, *arguments: str) -> int:
        return self._nursery.wait(self.start(["wb", *arguments]))

    def works(self, name: object, count: int = RECORDS) -> int:
        """Record and send, in a process of its own; return its id."""
        return self.start(["record", str(count), str(name)], ["wb", "sync"])

    def entries(self, first: int = 0) -> list[bytes]:
        reader = LogReader(DurableFolder(RealDisk(os.fsencode(self.state / "ledger"))))
        return list(reader.entries(first, reader.head().size))

    def told(self) -> int:
        """Return how many records this endpoint was told to be stored."""
        held = parsed((self.state / "membership" / "progress").read_bytes())
        assert held is not None
        return int(held["acknowledged"])


class Served:
    """A server that is killed and started again, always at the same address."""

    def __init__(self, nursery: Nursery, database: str, folder: Path) -> None:
        self._nursery, self.database, self._folder = nursery, database, folder
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.pid = 0

    def start(self) -> None:
        work = ["wb", "serve", "--listen", f"127.0.0.1:{self.port}", "--database", self.database]
        self.pid = self._nursery.start(work, state=self._folder, log=self._folder.with_suffix(".log"))

    def ready(self) -> None:
        """Return once it answers; start it again where somebody else had its port for a moment."""
        until(self._answers)

    def kill(self, after: float = 0.0) -> None:
        self._nursery.kill(self.pid, after)

    def _answers(self) -> bool:
        if not self._nursery.lives(self.pid):
            self._nursery.wait(self.pid)
            self.start()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.sendall(b"GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return b" 200 " in connection.recv(100)
        return False


class Watched:
    """What is in the database, looked at again and again; only what is new is compared with the ledger."""

    def __init__(self, store: Store, endpoint: Endpoint) -> None:
        self._store, self._endpoint = store, endpoint
        self.size = 0

    def holds(self, *, whole: bool = False) -> None:
        """Every record is there once, is that of the ledger, and none that was acknowledged is missing."""
        first = 0 if whole else self.size
        table = records.RECORDS.c

        def job(connection):
            count = connection.execute(select(func.count(), func.max(table.record_index))).one()
            rows = connection.execute(
                select(table.record_index, table.entry).where(table.record_index >= first).order_by(table.record_index)
            ).all()
            copies = connection.execute(select(witness.COPIES.c.size)).scalar() or 0
            told = connection.execute(
                select(func.sum(outbox.OUTBOX.c.records)).where(outbox.OUTBOX.c.topic == outbox.RECORDS)
            ).scalar()
            return count, rows, copies, told or 0

        (count, last), rows, copied, told = self._store.read_now(job)
        assert count == (-1 if last is None else last) + 1 == copied == told
        assert [row.record_index for row in rows] == list(range(first, count))
        assert [row.entry for row in rows] == self._endpoint.entries(first)[: count - first]
        assert self._endpoint.told() <= count, "it was acknowledged and is not there"
        assert count >= self.size, "it was there and is not any more"
        self.size = count


@pytest.fixture(scope="module")
def nurseries() -> Iterator[list[Nursery]]:
    made: list[Nursery] = []
    yield made
    for one in made:
        one.close()


@pytest.fixture
def nursery(nurseries: list[Nursery]) -> Nursery:
    """One for all tests, unless a test was broken off while it waited for an answer."""
    if not nurseries or nurseries[-1].is_waiting:
        nurseries.append(Nursery())
    return nurseries[-1]


@pytest.fixture(scope="module")
def durable() -> Iterator[PostgresqlServer]:
    try:
        made = PostgresqlServer(durable=True)
    except ForbiddenError as error:
        pytest.skip(str(error))
    except UnavailableError as error:
        unavailable(str(error))
        return
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fleet.db"
    return request.getfixturevalue("durable").new_database()


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    shares = SHARES if request.config.getoption("--deep") else 1
    return -(-rounds(request.config, few=FEW, deep=MANY) // shares)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each share points in time of its own."""
    if "share" in metafunc.fixturenames:
        deep = metafunc.config.getoption("--deep")
        metafunc.parametrize("share", range(SHARES if deep else 1))


class Stage:
    """A server, an endpoint of it and what both hold."""

    def __init__(self, nursery: Nursery, database: str, folder: Path) -> None:
        self.nursery, self.database = nursery, database
        self.server = Served(nursery, database, folder / "server")
        self.endpoint = Endpoint(nursery, folder / "endpoint", folder / "endpoint.log")
        self.server.start()
        self.server.ready()
        self.store = Store.open(database)
        token = self.store.write_now(lambda c: enrollment.make_token(c, 1, made_by="test", expires_at=1 << 52))
        assert self.endpoint.wb("enroll", self.server.origin, "--token", token) == 0
        self.watched = Watched(self.store, self.endpoint)
        self.records(2)
        self.sends = self._measured(["wb", "sync"])
        """Seconds that sending takes while nobody is killed."""
        self.works = self.sends + self._measured(["record", str(RECORDS), "calm"])

    def records(self, name: object) -> None:
        """Record something, whole."""
        assert self.nursery.wait(self.endpoint.start(["record", str(RECORDS), str(name)])) == 0

    def _measured(self, work: list[str]) -> float:
        began = time.monotonic()
        assert self.nursery.wait(self.endpoint.start(work)) == 0
        return time.monotonic() - began

    def ends_whole(self) -> None:
        """When it is over, one more time brings everything, and all of it holds."""
        until(lambda: self.endpoint.wb("sync") == 0)
        assert self.nursery.wait(self.endpoint.works("last", 3)) == 0
        self.watched.holds(whole=True)
        assert self.watched.size == len(self.endpoint.entries())
        seen = self.store.read_now(lambda c: c.execute(select(func.count()).select_from(sightings.SIGHTINGS)).scalar())
        assert seen == 1, "one model on one endpoint, however often it was told"
        assert self.endpoint.wb("ledger", "verify", "--against", str(self.endpoint.state / "membership/witnessed")) == 0

    def close(self) -> None:
        self.store.close()
        self.server.kill()


@pytest.fixture
def stage(nursery: Nursery, database: str, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(nursery, database, tmp_path)
    yield made
    made.close()


def test_kill_either_side_at_any_point(stage: Stage, kills: int, share: int) -> None:
    draw = random.Random(share)
    met = 0
    for number in range(kills):
        # The endpoint, anywhere between its first step and its last.
        pid = stage.endpoint.works(f"{share}-{number}-a")
        met += stage.nursery.kill(pid, draw.uniform(0, stage.works)) < 0
        stage.watched.holds()
        # The server: while it is sent to, or while it starts and somebody asks already.
        stage.records(f"{share}-{number}-b")
        if number % 3 == 2:
            stage.server.kill()
            stage.server.start()
        pid = stage.endpoint.start(["wb", "sync"])
        stage.server.kill(draw.uniform(0, stage.sends))
        met += stage.nursery.wait(pid) != 0
        stage.watched.holds()
        stage.server.start()
        stage.server.ready()
    print(f"{met} of {2 * kills} kills met work that was under way")
    stage.ends_whole()
