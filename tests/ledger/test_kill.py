"""Real processes on a real disk: killed at random moments, and with no room left. Nothing acknowledged is ever lost.

The normal run kills 50 times, `--deep` 1,000 times.
"""

import os
import random
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import rounds
from tests.ledger.logs import KEY

from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.verify import verify_log
from weighbridge.model.errors import WeighbridgeError

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks processes")


def folder(path: Path) -> DurableFolder:
    return DurableFolder(RealDisk(os.fsencode(path)))


def entry(number: int) -> bytes:
    return b"entry %d " % number + b"x" * (number * 7919 % 3000)


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Run `work(descriptor)` in a child; return its id and where it tells what was acknowledged."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        code = 1
        try:
            work(write)
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    return child, read


def told(descriptor: int) -> list[int]:
    content = b""
    while part := os.read(descriptor, 1 << 16):
        content += part
    os.close(descriptor)
    return [int(line) for line in content.split(b"\n")[:-1]]


def keep_writing(path: Path, seed: int) -> Callable[[int], None]:
    def work(descriptor: int) -> None:
        chance = random.Random(seed)
        log = Log.open(folder(path), KEY)
        while True:
            count = chance.choice((1, 1, 2, 20, 300))
            log.append([entry(log.size + number) for number in range(count)])
            os.write(descriptor, b"%d\n" % log.size)
            if chance.random() < 0.2:
                log.checkpoint()

    return work


def test_kill_at_random_moments(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    times = rounds(request.config, few=50, deep=300)
    chance = random.Random(20261121)
    path, acknowledged, written, busy = tmp_path / "log", 0, 0, 0
    for number in range(times):
        child, descriptor = forked(keep_writing(path, number))
        # Some are killed while they open the log, most while they write.
        if chance.random() < 0.7:
            select.select([descriptor], [], [], 20)
        time.sleep(chance.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        sizes = told(descriptor)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        busy += bool(sizes)
        acknowledged = max([acknowledged, *sizes])
        if not (path / "checkpoint").exists():
            continue
        log = LogReader(folder(path))
        head = log.head()
        assert head.size >= acknowledged, "an acknowledged entry is lost"
        begin = max(0, written - 10)
        assert list(log.entries(begin, head.size, head)) == [entry(at) for at in range(begin, head.size)]
        written = head.size
        if written > 20_000:
            assert verify_log(log, [KEY.public]).holds
            path, acknowledged, written = tmp_path / str(number), 0, 0
    assert busy > times // 2
    with Log.open(folder(path), KEY) as log:
        assert log.entries(0, acknowledged) == [entry(at) for at in range(acknowledged)]
    assert verify_log(LogReader(folder(path)), [KEY.public]).holds


def test_no_room_left(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "log"

    def work(descriptor: int) -> None:
        log = Log.open(folder(path), KEY)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))  # no file may become longer
        failures = 0
        while failures < 20:
            try:
                log.append([entry(log.size)])
                os.write(descriptor, b"%d\n" % log.size)
            except WeighbridgeError as error:
                failures += error.code == "E-ledger-write"

    child, descriptor = forked(work)
    sizes = told(descriptor)
    assert os.waitpid(child, 0)[1] == 0
    log = LogReader(folder(path))
    head = log.head()
    assert (head.size, head.torn) == (sizes[-1], 0)
    assert list(log.entries(0, 10**6)) == [entry(at) for at in range(sizes[-1])]
    with Log.open(folder(path), KEY) as again:
        again.append([entry(sizes[-1])])
    assert verify_log(log, [KEY.public]).holds
