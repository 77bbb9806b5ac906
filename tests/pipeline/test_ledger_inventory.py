"""What there is follows from the records alone, however often and in however many steps they are read."""

import random

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.watch_decide import Known


def recorder(machine: FakeMachine) -> Recorder:
    return Recorder(Log.open(machine.durable_folder("ledger"), KEY), machine.now, machine.boot, lambda: "offline")


def inventory(machine: FakeMachine) -> Inventory:
    return Inventory(machine, LogReader(machine.durable_folder("ledger")))


def paths(found: Inventory) -> list[object]:
    return [record.data["path"] for record in found.current("sighting")]


def test_things_come_change_and_go() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        recording.record_all([("sighting", {"path": "/a", "artifact": "1"}), ("sighting", {"path": "/b"})])
        found = inventory(machine)
        assert found.update() == 3
        assert paths(found) == ["/a", "/b"]
        recording.record_all([("sighting", {"path": "/a", "artifact": "2"}), ("sighting-end", {"path": "/b"})])
        assert found.update() == 2
        (only,) = found.current()
        assert (only.data, found.first_seen(only)) == ({"path": "/a", "artifact": "2"}, 1)
        recording.record_all([("sighting-end", {"path": "/a"}), ("sighting", {"path": "/a"})])
        found.update()
        (only,) = found.current()
        assert found.first_seen(only) == 6
        assert found.update() == 0


def test_it_is_made_anew_when_the_log_is_another() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        recording.record("sighting", {"path": "/a"})
    snapshot = machine.disks["ledger"].files()
    with recorder(machine) as recording:
        recording.record("sighting", {"path": "/b"})
    found = inventory(machine)
    found.update()
    assert paths(found) == ["/a", "/b"]
    machine.disks["ledger"].restore(snapshot)
    with recorder(machine) as recording:
        recording.record_all([("sighting", {"path": "/c"})] * 5)
    assert found.lost is None
    again = inventory(machine)
    assert again.update() > 4
    assert again.lost == 6
    again = inventory(machine)
    again.update()
    assert again.lost is None
    assert paths(again) == ["/a", "/c"]


@pytest.mark.parametrize("seed", range(5))
def test_steps_do_not_matter(seed: int) -> None:
    machine, chance = FakeMachine(), random.Random(seed)
    stepwise = inventory(machine)
    with recorder(machine) as recording:
        for _ in range(40):
            items = [
                (
                    chance.choice(("sighting", "sighting", "sighting-end")),
                    {"path": f"/{chance.randrange(9)}", "n": number},
                )
                for number in range(chance.randrange(1, 6))
            ]
            recording.record_all(items)
            if chance.random() < 0.4:
                stepwise.update()
        stepwise.update()
    other = FakeMachine()
    other.disks = machine.disks
    whole = inventory(other)
    whole.update()
    assert list(whole.current()) == list(stepwise.current())
    known = Known()
    for record in whole.current():
        known.replay(record)
    assert len(known) == len(whole.known()) == len(list(whole.current()))


def test_a_pruned_log_gives_what_is_left() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        recording.record_all([("sighting", {"path": f"/{number}"}) for number in range(600)])
        recording.prune(300, "old")
    found = inventory(machine)
    found.update()
    assert paths(found)[0] == "/255"
    assert found.update() == 0
