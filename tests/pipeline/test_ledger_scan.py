import pytest
from tests.ledger.logs import KEY
from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.entry import decode
from weighbridge.ledger.log import Log
from weighbridge.ledger.recorder import Recorder
from weighbridge.pipeline.ledger_scan import RecordedScan, record_scan
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan


def recorded(machine: FakeMachine, *roots: bytes, interrupted: bool = False) -> RecordedScan:
    from dataclasses import replace

    found = scan(machine, Options(roots=roots, cache=False))
    log = Log.open(machine.durable_folder("ledger"), KEY)
    with Recorder(log, machine.now, machine.boot, lambda: "offline") as recorder:
        return record_scan(machine, recorder, replace(found, interrupted=interrupted), roots)


def kinds(machine: FakeMachine, begin: int = 0) -> list[str]:
    log = Log.open(machine.durable_folder("ledger"), KEY)
    records = [decode(entry) for entry in log.entries(begin, 1 << 40)]
    log.close()
    return [record.kind for record in records if record is not None and record.kind not in ("start", "stop")]


@pytest.fixture
def machine() -> FakeMachine:
    machine = FakeMachine()
    machine.add_file(b"/models/a.safetensors", small())
    machine.add_file(b"/models/b.safetensors", small())
    return machine


def test_a_scan_records_what_it_found_once(machine: FakeMachine) -> None:
    first = recorded(machine, b"/models")
    assert (first.sightings, first.ended) == (2, 0)
    assert {"artifact", "sighting", "verdict"} <= set(kinds(machine))
    assert recorded(machine, b"/models") == RecordedScan(0, 0, 0)


def test_only_what_changed_is_recorded(machine: FakeMachine) -> None:
    recorded(machine, b"/models")
    machine.change_file(b"/models/b.safetensors", small(b"1" * 48))
    machine.add_file(b"/models/c.safetensors", small())
    found = recorded(machine, b"/models")
    assert (found.sightings, found.ended) == (2, 0)
    machine.remove(b"/models/a.safetensors")
    found = recorded(machine, b"/models")
    assert (found.sightings, found.ended) == (0, 1)


def test_what_a_scan_did_not_go_through_has_not_ended(machine: FakeMachine) -> None:
    machine.add_file(b"/other/d.safetensors", small())
    recorded(machine, b"/models")
    recorded(machine, b"/other")
    machine.remove(b"/models/a.safetensors")
    assert recorded(machine, b"/other").ended == 0, "another folder was asked for"
    machine.forbid(b"/models/b.safetensors")
    found = recorded(machine, b"/models", interrupted=True)
    assert found.ended == 1, "what is gone is gone, also for a scan that was cut short"


def test_a_ledger_that_was_put_back_is_told_of(machine: FakeMachine) -> None:
    recorded(machine, b"/models")
    snapshot = machine.disks["ledger"].files()
    machine.add_file(b"/models/c.safetensors", small(b"2" * 48))
    recorded(machine, b"/models")
    machine.disks["ledger"].restore(snapshot)
    found = recorded(machine, b"/models")
    assert found.sightings == 1, "what the lost records said is recorded again"
    assert kinds(machine).count("gap") == 1
    recorded(machine, b"/models")
    assert kinds(machine).count("gap") == 1
