import random

import pytest
from tests.ledger.logs import KEY
from tests.ledger.test_witness import ask, note, witness

from weighbridge.host.durable import DurableFolder
from weighbridge.host.fake_disk import FakeDisk, PowerLoss
from weighbridge.ledger.reader import LogError
from weighbridge.ledger.witness_memory import WitnessFolder


def memory(disk: FakeDisk) -> WitnessFolder:
    return WitnessFolder(DurableFolder(disk))


def test_a_witness_remembers_over_a_restart() -> None:
    disk = FakeDisk()
    assert memory(disk).get(KEY.name) is None
    assert ask(witness(memory(disk)), 0, 5).status == 200
    assert ask(witness(memory(disk)), 0, 5).body == "5\n"
    assert ask(witness(memory(disk)), 5, 9).status == 200
    assert memory(disk).note(KEY.name) == note(9)


def test_what_was_cosigned_survives_power_loss() -> None:
    chance = random.Random(5)
    for step in range(1, 12):
        disk, cosigned = FakeDisk(), 0
        disk.stop_at = step
        try:
            for size in range(1, 5):
                assert ask(witness(memory(disk)), cosigned, size).status == 200
                cosigned = size
        except PowerLoss:
            pass
        disk.cut(chance)
        seen = memory(disk).get(KEY.name)
        assert (seen.size if seen else 0) >= cosigned


def test_a_damaged_memory_is_no_clean_slate() -> None:
    disk = FakeDisk()
    ask(witness(memory(disk)), 0, 5)
    (name,) = (name for name in disk.files())
    for content in (b"", b"x" * (2 << 20), disk.content(name).replace(b"\n5\n", b"\n05\n")):
        disk.change(name, content)
        with pytest.raises(LogError, match="was witnessed"):
            ask(witness(memory(disk)), 0, 3)
