from datetime import timedelta

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader, PrunedError
from weighbridge.ledger.recorder import Recorder
from weighbridge.ledger.verify import verify_log
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_retention import keep_to
from weighbridge.policy.settings import Retention

PERIODS = Retention(verdicts=30, inventory=10)


def recorder(machine: FakeMachine) -> Recorder:
    return Recorder(Log.open(machine.durable_folder("ledger"), KEY), machine.now, machine.boot, lambda: "offline")


def paths(machine: FakeMachine) -> set[object]:
    found = Inventory(machine, LogReader(machine.durable_folder("ledger")))
    found.update()
    return {record.data["path"] for record in found.current()}


def test_what_is_too_old_goes_and_what_still_holds_stays() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        recording.record_all([("sighting", {"path": f"/{number}"}) for number in range(600)])
        recording.record_all([("sighting-end", {"path": f"/{number}"}) for number in range(500)])
        recording.log.checkpoint()
        before = paths(machine)
        assert keep_to(machine, recording, PERIODS) == 0
        machine.clock += timedelta(days=29)
        assert keep_to(machine, recording, PERIODS) == 0
        recording.record("sighting", {"path": "/new"})
        machine.clock += timedelta(days=2)
        assert keep_to(machine, recording, PERIODS) == 1024
        assert keep_to(machine, recording, PERIODS) == 1024
    log = LogReader(machine.durable_folder("ledger"))
    with pytest.raises(PrunedError):
        next(log.entries(0, 1))
    machine.state_database("inventory", ()).write("DELETE FROM applied", [()])
    assert paths(machine) == before | {"/new"}
    found = verify_log(log, [KEY.public])
    assert (found.holds, found.minimum) == (True, 1024)
    assert any("older than 30 days" in note for note in found.notes)


def test_an_empty_or_young_ledger_is_left_alone() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        size = recording.log.size
        assert keep_to(machine, recording, PERIODS) == 0
        assert recording.log.size == size
