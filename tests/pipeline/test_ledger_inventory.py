"""What there is follows from the records alone, however often and in however many steps they are read."""

import random

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.fake import FakeMachine
from weighbridge.host.state import StateError
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


@pytest.mark.parametrize("how", ["database removed", "rebuilt"])
def test_the_database_can_be_removed_and_is_made_anew_the_same(how: str) -> None:
    machine, chance = FakeMachine(), random.Random(7)
    found = inventory(machine)
    with recorder(machine) as recording:
        for number in range(300):
            kind = chance.choice(("sighting", "process", "listener", "agent", "toolchain", "secret"))
            data = {
                "path": f"/{chance.randrange(20)}",
                "pid": chance.randrange(9),
                "start": 1,
                "name": f"{number % 11}",
            }
            recording.record(kind + chance.choice(("", "", "-end")), data)
            if chance.random() < 0.2:
                found.update()
    found.update()
    before = [(record, found.first_seen(record)) for record in found.current()]
    assert len(before) > 10
    if how == "rebuilt":
        assert found.rebuild() == 302
        after = found
    else:
        other = FakeMachine()
        other.disks = machine.disks
        after = inventory(other)
        assert after.update() == 302
    assert [(record, after.first_seen(record)) for record in after.current()] == before


def test_what_ended_in_removed_records_does_not_stay() -> None:
    machine = FakeMachine()
    behind = inventory(machine)
    with recorder(machine) as recording:
        recording.record("sighting", {"path": "/gone"})
        behind.update()
        recording.record("sighting-end", {"path": "/gone"})
        recording.record_all([("sighting", {"path": f"/{number}"}) for number in range(600)])
        recording.prune(300, "old")
    behind.update()
    assert "/gone" not in paths(behind)


def test_a_database_that_does_not_last_is_said_not_rebuilt() -> None:
    machine = FakeMachine()
    recorder(machine).close()
    found = inventory(machine)
    machine.state_database("inventory", ()).trouble = "no space left"
    with pytest.raises(StateError, match="no space"):
        found.rebuild()
