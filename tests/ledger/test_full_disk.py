"""A real file system of one megabyte that fills up, again and again: what was acknowledged stays, and all goes on."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.files import ROOT
from tests.ledger.logs import KEY

from weighbridge.host.durable import DurableFolder
from weighbridge.host.durable_disk import RealDisk
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.tiles import bundled, entries_of
from weighbridge.ledger.verify import verify_log
from weighbridge.model.errors import WeighbridgeError

_FAILURES = 40


def folder(path: Path) -> DurableFolder:
    return DurableFolder(RealDisk(os.fsencode(path)))


def filled(path: Path, seed: int) -> list[bytes]:
    """Append, sign, close and open until there is no room; return what was acknowledged."""
    chance, acknowledged, failures = random.Random(seed), list[bytes](), 0
    log: Log | None = None
    codes: set[str] = set()
    while failures < _FAILURES:
        try:
            if log is None:
                log = Log.open(folder(path), KEY)
                assert log.entries(0, 1 << 40) == acknowledged
            what = chance.random()
            if what < 0.02:
                log.close()
                log = None
            elif what < 0.1:
                log.checkpoint()
            else:
                entries = [os.urandom(chance.choice((10, 300, 3000))) for _ in range(chance.choice((1, 1, 5, 50)))]
                assert log.append(entries).start == len(acknowledged)
                acknowledged += entries
        except WeighbridgeError as error:
            failures += 1
            codes.add(error.code)
            if log is not None and not log.is_usable:
                log = None
    assert codes == {"E-ledger-write"}
    return acknowledged


def fill(disk: Path, beside: Path, seed: int) -> None:
    """What runs first where a small disk could be mounted; its lock ends with its process."""
    (disk / "ballast").write_bytes(bytes(600_000))  # opening moves the journal into tiles, which takes as much again
    acknowledged = filled(disk / "log", seed)
    assert len(acknowledged) > 20
    log = LogReader(folder(disk / "log"))
    assert list(log.entries(0, 1 << 40)) == acknowledged
    assert verify_log(log, [KEY.public], is_own=True).holds
    beside.write_bytes(bundled(acknowledged))


def go_on(disk: Path, beside: Path) -> None:
    """What runs after that, once there is some room."""
    acknowledged = entries_of(beside.read_bytes())
    (disk / "ballast").unlink()
    with Log.open(folder(disk / "log"), KEY) as log:
        assert log.entries(0, 1 << 40) == acknowledged
        log.append([b"more"])
    found = verify_log(LogReader(folder(disk / "log")), [KEY.public], is_own=True)
    assert (found.holds, found.size) == (True, len(acknowledged) + 1)


@pytest.mark.parametrize("seed", range(3))
def test_a_small_disk_fills_up(tmp_path: Path, seed: int, request: pytest.FixtureRequest) -> None:
    if (
        shutil.which("unshare") is None
        or subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", tmp_path], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("no small file system can be mounted here")
    disk, program = tmp_path / "disk", "$PYTHON -m tests.ledger.test_full_disk"
    disk.mkdir()
    for one in range(seed, 60, 3) if request.config.getoption("--deep") else [seed]:
        script = f'mount -t tmpfs -o size=1m tmpfs "$DISK" && {program} fill {one} && {program} "go on" {one}'
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-e", "-c", script],
            cwd=ROOT,
            env=os.environ
            | {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
            | {"PYTHON": sys.executable, "DISK": str(disk)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    small = Path(os.environ["DISK"])
    if sys.argv[1] == "fill":
        fill(small, small.with_name("acknowledged"), int(sys.argv[2]))
    else:
        go_on(small, small.with_name("acknowledged"))
