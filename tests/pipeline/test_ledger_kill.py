"""Real processes that record, prune, sign and change the key, killed at random moments on a real disk.

Whatever moment it was: nothing acknowledged is lost, the first public key still verifies, a copy elsewhere goes on, and
the inventory made anew is the one that was there. The normal run kills 6 times, `--deep` 150 times.
"""

import os
import random
import select
import signal
import time
from pathlib import Path

import pytest
from tests.conftest import rounds
from tests.ledger.test_kill import forked, told

from weighbridge.host.real import RealMachine
from weighbridge.ledger.batch import Position, Taken, batch_after, take
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.verify import verify_log
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_key import change_key, public_key
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks processes")


def keep_going(seed: int, descriptor: int) -> None:
    """Do everything that a ledger takes, for ever; tell its size after each."""
    machine, chance = RealMachine(), random.Random(seed)
    recorder = open_ledger(machine)
    while True:
        what = chance.random()
        if what < 0.3:
            change_key(machine, recorder, "a test")
        elif what < 0.4:
            recorder.prune(chance.randrange(recorder.log.size + 1), "old")
        elif what < 0.5:
            recorder.log.checkpoint()
        else:
            items = [("sighting", {"path": f"/{chance.randrange(50)}"}) for _ in range(chance.choice((1, 3, 60)))]
            recorder.record_all(items)
        os.write(descriptor, b"%d\n" % recorder.log.size)


def copied(log: LogReader, position: Position) -> Position:
    while True:
        found = take(batch_after(log, position.size, position.cosigned, 20_000), position)
        assert isinstance(found, Taken), found
        position = found.position
        if not found.remaining:
            return position


def test_everything_at_once_survives_kills(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    machine, chance = RealMachine(), random.Random(20261121)
    open_ledger(machine).close()
    first = public_key(machine)
    assert first is not None
    position, acknowledged = Position(first.text), 0
    for seed in range(rounds(request.config, few=6, deep=50)):
        child, descriptor = forked(lambda writing, seed=seed: keep_going(seed, writing))  # type: ignore[misc]
        if seed == 0 or chance.random() < 0.8:
            select.select([descriptor], [], [], 60)
        time.sleep(chance.random() * 0.1)
        os.kill(child, signal.SIGKILL)
        sizes = told(descriptor)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        acknowledged = max([acknowledged, *sizes])
        log = ledger_reader(machine)
        assert log.head().size >= acknowledged, "an acknowledged record is lost"
        assert verify_log(log, [first], is_own=True).holds
        open_ledger(machine).close()
        now = public_key(machine)
        assert now is not None
        assert all(verify_log(log, [key], is_own=True).holds for key in (first, now))
        position = copied(log, position)
        assert (position.key, position.size) == (now.text, log.head().size)
        inventory = Inventory(machine, log)
        inventory.update()
        there = [record for record in inventory.current() if record.sequence >= log.minimum()]
        inventory.rebuild()
        assert list(inventory.current()) == there
    assert acknowledged
