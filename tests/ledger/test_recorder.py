from datetime import timedelta

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.entry import Record, decode
from weighbridge.ledger.log import Log
from weighbridge.ledger.recorder import Recorder
from weighbridge.model.errors import WeighbridgeError


def recorder(machine: FakeMachine) -> Recorder:
    log = Log.open(machine.durable_folder("ledger"), KEY)
    return Recorder(log, machine.now, machine.boot, lambda: "offline")


def records(recording: Recorder) -> list[Record]:
    found = [decode(entry) for entry in recording.log.entries(0, 1 << 40)]
    assert all(record is not None for record in found)
    return found  # type: ignore[return-value]


def kinds(recording: Recorder) -> list[str]:
    return [record.kind for record in records(recording)]


def test_records_carry_index_times_and_network() -> None:
    machine = FakeMachine()
    with recorder(machine) as recording:
        assert recording.record("artifact", {"sha256": "ab"}) == 1
        machine.clock += timedelta(seconds=5)
        assert recording.record_all([("sighting", {}), ("verdict", {})]) == range(2, 4)
        assert recording.record_all([]) == range(4, 4)
        found = records(recording)
    assert [record.sequence for record in found] == [0, 1, 2, 3]
    assert [record.kind for record in found] == ["start", "artifact", "sighting", "verdict"]
    assert found[0].data["before"] == "new"
    assert found[2].monotonic - found[1].monotonic == 5
    assert {record.network for record in found} == {"offline"}
    with recorder(machine) as recording:
        assert kinds(recording) == ["start", "artifact", "sighting", "verdict", "stop", "start"]
        assert records(recording)[5].data["before"] == "stopped"


def test_a_killed_process_is_told_of_with_the_gap() -> None:
    machine = FakeMachine()
    recorder(machine).record("artifact", {})
    machine.disks["ledger"].kill()
    machine.clock += timedelta(minutes=9)
    recording = recorder(machine)
    start, gap = records(recording)[2:]
    assert (start.data["before"], gap.kind) == ("killed", "gap")
    assert gap.data == {
        "reason": "killed", "from": "2026-11-20T12:00:00.000Z", "to": "2026-11-20T12:09:00.000Z", "recovered": 1,
        "dropped_bytes": 0,
    }  # fmt: skip


def test_a_torn_end_is_told_of() -> None:
    machine = FakeMachine()
    recorder(machine).record("artifact", {})
    disk = machine.disks["ledger"]
    disk.kill()
    disk.change("journal", disk.content("journal") + b"torn")
    gap = records(recorder(machine))[-1]
    assert (gap.data["reason"], gap.data["dropped_bytes"]) == ("torn", 4)


@pytest.mark.parametrize("seconds", [-3600, -3, 3, 86_400])
def test_a_clock_that_is_set_while_recording_is_a_record(seconds: int) -> None:
    machine = FakeMachine()
    recording = recorder(machine)
    machine.clock += timedelta(seconds=seconds)
    machine.started += timedelta(seconds=seconds)
    assert recording.record("artifact", {}) == 2
    step = records(recording)[1]
    assert (step.kind, step.data["seconds"]) == ("clock-step", seconds)
    recording.record("artifact", {})
    assert kinds(recording).count("clock-step") == 1


def test_sleep_and_drift_are_no_steps() -> None:
    machine = FakeMachine()
    recording = recorder(machine)
    machine.clock += timedelta(hours=8)
    recording.record("artifact", {})
    machine.clock += timedelta(seconds=1)
    machine.started += timedelta(seconds=1)
    recording.record("artifact", {})
    assert "clock-step" not in kinds(recording)


def test_a_clock_set_back_over_a_restart_is_a_record_and_a_pause_is_none() -> None:
    machine = FakeMachine()
    recorder(machine).close()
    machine.boot_id, machine.started = "another", machine.clock + timedelta(hours=9)
    machine.clock += timedelta(hours=10)
    recorder(machine).close()
    machine.boot_id = "a third"
    machine.clock -= timedelta(days=1)
    recording = recorder(machine)
    assert kinds(recording) == ["start", "stop", "start", "stop", "clock-step", "start"]
    assert records(recording)[4].data["seconds"] == -86_400


def test_a_full_disk_records_nothing_by_halves() -> None:
    machine = FakeMachine()
    recording = recorder(machine)
    disk = machine.disks["ledger"]
    disk.capacity = sum(map(len, disk.files().values())) + 20
    with pytest.raises(WeighbridgeError) as caught:
        recording.record_all([("artifact", {}), ("verdict", {})])
    assert caught.value.code == "E-ledger-write"
    disk.capacity = None
    recording.record("sighting", {})
    assert kinds(recording) == ["start", "sighting"]
    disk.capacity = 0
    with pytest.raises(WeighbridgeError):
        recording.close()
    disk.capacity = None
    assert kinds(recorder(machine)) == ["start", "sighting", "start", "gap"]


def test_pruning_is_recorded_before_it_happens() -> None:
    machine = FakeMachine()
    recording = recorder(machine)
    recording.record_all([("artifact", {})] * 600)
    assert recording.prune(300, "older than 30 days") == 256
    entries = [decode(entry) for entry in recording.log.entries(601, 602)]
    assert entries[0] is not None
    assert entries[0].data == {"minimum": 256, "why": "older than 30 days"}


def test_a_ledger_that_cannot_be_begun_can_be_opened_again() -> None:
    machine = FakeMachine()
    recorder(machine).close()
    machine.disks["ledger"].capacity = 0
    for _ in range(2):
        with pytest.raises(WeighbridgeError, match="No space"):
            recorder(machine)
    machine.disks["ledger"].capacity = None
    assert kinds(recorder(machine))[-1] == "start"
