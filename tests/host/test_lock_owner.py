import os
import sys
from pathlib import Path

import pytest

from weighbridge.host.durable_disk import RealDisk
from weighbridge.host.lock_owner import lock_owner, owner_in

LINES = """\
1: POSIX  ADVISORY  WRITE 700 00:1b:4242 0 EOF
1: -> POSIX  ADVISORY  WRITE 701 00:1b:77 0 EOF
2: FLOCK  ADVISORY  WRITE 702 fd:00:77 0 EOF
3: garbage""".splitlines()


def test_the_holder_is_told_and_not_who_waits() -> None:
    assert owner_in(LINES, 77) == 702
    assert owner_in(LINES, 4242) == 700
    assert owner_in(LINES, 1) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists locks")
def test_a_lock_of_ours_is_seen(tmp_path: Path) -> None:
    disk = RealDisk(os.fsencode(tmp_path))
    path = os.fsencode(tmp_path / "lock")
    assert lock_owner(path) is None
    lock = disk.lock("lock")
    assert lock_owner(path) == os.getpid()
    lock.close()
    assert lock_owner(path) is None
