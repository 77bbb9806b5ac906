"""kill -9 of the server and of endpoints at random points: nothing acknowledged is lost, nothing comes twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fleet.server_process import LIMIT, ServerProcess

from weighbridge.fleet import enrollment, records
from weighbridge.fleet.store import Store
from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.reader import LogReader

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
ITEMS = """
import sys
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.ledger_open import open_ledger
with open_ledger(RealMachine()) as recorder:
    for number in range(int(sys.argv[1])):
        recorder.record("sighting", {"artifact": "a" * 64, "path": f"/m/{sys.argv[2]}/{number % 7}", "member": None})
"""


class Endpoint:
    """An endpoint in a state folder of its own, whose commands are processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self.state = folder
        self.environment = os.environ | {"WEIGHBRIDGE_STATE": str(folder), "NO_COLOR": "1"}

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def wb(self, *arguments: str) -> int:
        return self.start("-m", "weighbridge", *arguments).wait(LIMIT)

    def record(self, count: int, name: str) -> "subprocess.Popen[bytes]":
        return self.start("-c", ITEMS, str(count), name)

    def entries(self) -> list[bytes]:
        reader = LogReader(DurableFolder(RealDisk(os.fsencode(self.state / "ledger"))))
        return list(reader.entries(0, reader.head().size))


def killed_after(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Kill a process after a while, unless it ended before; when that was does not matter."""
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    timer.start()
    process.wait(LIMIT)
    timer.cancel()
    timer.join()


def token_of(database: str) -> str:
    store = Store.open(database)
    try:
        return store.write_now(
            lambda connection: enrollment.make_token(connection, 1, made_by="test", expires_at=1 << 52)
        )
    finally:
        store.close()


def again(database: str, state: Path, port: int) -> ServerProcess:
    """Start the server where it was; for a moment somebody else may have the port."""
    end = time.monotonic() + LIMIT
    while True:
        try:
            return ServerProcess(database, state, "--listen", f"127.0.0.1:{port}")
        except AssertionError:
            if time.monotonic() > end:
                raise


def kept(database: str) -> list[bytes]:
    store = Store.open(database)
    try:
        rows = store.read_now(lambda connection: connection.execute(records.RECORDS.select()).all())
    finally:
        store.close()
    assert [row.record_index for row in rows] == list(range(len(rows)))
    return [row.entry for row in rows]


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Iterator[random.Random]:
    """Points in time, other ones each night; what they were is told when a test fails."""
    seed = random.SystemRandom().randrange(1 << 32) if request.config.getoption("--deep") else 7
    print(f"seed {seed}")
    return random.Random(seed)


def test_kill_either_side_at_any_point(tmp_path: Path, rounds: random.Random, request: pytest.FixtureRequest) -> None:
    count = 500 if request.config.getoption("--deep") else 4
    database = f"sqlite:///{tmp_path}/fleet.db"
    endpoint = Endpoint(tmp_path / "endpoint")
    servers = [ServerProcess(database, tmp_path / "server")]
    try:
        _rounds(database, endpoint, servers, tmp_path / "server", rounds, count)
    finally:
        servers[-1].kill()


def _rounds(
    database: str, endpoint: Endpoint, servers: list[ServerProcess], state: Path, rounds: random.Random, count: int
) -> None:
    server = servers[-1]
    port, token = server.port, token_of(database)
    assert endpoint.wb("enroll", server.origin, "--token", token) == 0
    acknowledged = 0
    for number in range(count):
        killed_after(endpoint.record(200, str(number)), rounds.uniform(0.2, 1.0))
        sync = endpoint.start("-m", "weighbridge", "sync")
        if number % 2:
            killed_after(sync, rounds.uniform(0.1, 1.5))
        else:
            timer = threading.Timer(rounds.uniform(0.1, 1.5), server.process.send_signal, [signal.SIGKILL])
            timer.start()
            sync.wait(LIMIT)
            timer.cancel()
            timer.join()
            server.kill()
            server = again(database, state, port)
            servers.append(server)
        have = kept(database)
        assert have == endpoint.entries()[: len(have)]
        assert len(have) >= acknowledged
        acknowledged = len(have)
    assert endpoint.record(3, "last").wait(LIMIT) == 0
    assert endpoint.wb("sync") == 0
    assert kept(database) == endpoint.entries()
    assert endpoint.wb("ledger", "verify", "--against", str(endpoint.state / "membership" / "witnessed")) == 0
