"""Whenever a process is killed or the power goes: no acknowledged entry is lost, none is made up."""

import random

import pytest
from tests.conftest import rounds
from tests.ledger.logs import opened, reader
from tests.ledger.test_tree import naive_root

from weighbridge.host.fake_disk import FakeDisk, PowerLoss


def run(disk: FakeDisk, chance: random.Random, acknowledged: list[bytes], attempts: int) -> bytes | None:
    """Append, sign and prune until the power goes; return the entries of the commit that was under way."""
    log = opened(disk)
    # What was under way may have become part of the log, whole or not at all.
    stored = log.entries(0, 1 << 40)
    acknowledged[:] = stored
    for _ in range(attempts):
        entries = [b"%d" % chance.randrange(1 << 60) for _ in range(chance.choice((1, 1, 3, 40, 300)))]
        acknowledged.append(b"")  # a marker: the commit has begun
        begun = len(acknowledged)
        log.append(entries)
        acknowledged[begun - 1 :] = entries
        if chance.random() < 0.3:
            log.checkpoint()
    log.close()
    return None


@pytest.mark.parametrize("kind", ["power", "kill"])
def test_power_loss_at_any_step(kind: str, request: pytest.FixtureRequest) -> None:
    times = rounds(request.config, few=120, deep=1000)
    chance = random.Random(20261121)
    disk = FakeDisk()
    lost = 0
    known: list[bytes] = []
    for _ in range(times):
        before = list(known)
        disk.stop_at = disk.steps + chance.randint(1, 60)
        try:
            run(disk, chance, known, 8)
        except PowerLoss:
            lost += 1
        if b"" in known:
            known.remove(b"")
        disk.cut(chance) if kind == "power" else disk.kill()
        head = reader(disk).head() if "checkpoint" in disk.files() else None
        stored = list(reader(disk).entries(0, 1 << 40)) if head else []
        assert stored[: len(known)] == known, "an acknowledged entry is lost"
        assert known[: len(before)] == before
        if head:
            assert head.checkpoint.root == naive_root(stored[: head.checkpoint.size])
        known = known if len(known) >= len(before) else before
        if len(known) > 3000:
            disk, known = FakeDisk(), []
    assert lost > times // 2
    log = opened(disk)
    assert log.entries(0, len(known)) == known


def test_a_disk_that_was_never_synchronized_loses_entries() -> None:
    """The test above can fail: without waiting for the disk, power loss takes entries away."""
    disk = FakeDisk()
    log = opened(disk)
    log._journal.sync = lambda: None
    log.append([b"one"] * 50)
    kept = []
    for seed in range(20):
        files = disk.files()
        other = FakeDisk()
        other.restore(files | {"journal": b""})
        other._file("journal").now = bytearray(files["journal"])
        other.cut(random.Random(seed))
        kept.append(len(list(reader(other).entries(0, 99))))
    assert min(kept) == 0
