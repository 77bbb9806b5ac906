"""Writing while it works and while it does not, over a disk in memory."""

from datetime import timedelta

import pytest
from tests.ledger.logs import KEY

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.entry import Record, decode, timestamp
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline import watch_scribe
from weighbridge.pipeline.watch_scribe import Scribe


class Bench:
    def __init__(self) -> None:
        self.machine = FakeMachine()
        self.scribe = Scribe(self.opened, lambda: timestamp(self.machine.now()))

    def opened(self) -> Recorder:
        log = Log.open(self.machine.durable_folder("ledger"), KEY)
        return Recorder(log, self.machine.now, self.machine.boot, lambda: "offline")

    def records(self) -> list[Record]:
        reader = LogReader(self.machine.durable_folder("ledger"))
        return [found for entry in reader.entries(0, reader.head().size) if (found := decode(entry)) is not None]

    def kinds(self) -> list[str]:
        return [record.kind for record in self.records()]

    def fill(self) -> None:
        disk = self.machine.disks["ledger"]
        disk.capacity = 0


def test_what_is_told_is_written_and_the_end_is_a_stop() -> None:
    bench = Bench()
    bench.scribe.begin()
    bench.scribe.tell([("network", {"connectivity": "offline"})] * 3)
    assert len(bench.scribe) == 3
    bench.scribe.flush(0)
    assert len(bench.scribe) == 0
    assert bench.scribe.close(1)
    assert bench.kinds() == ["start", "network", "network", "network", "stop"]
    assert "seen_at" not in bench.records()[1].data


def test_on_a_full_disk_it_keeps_what_it_is_told_and_says_afterwards_what_was_late() -> None:
    bench = Bench()
    bench.scribe.begin()
    bench.scribe.flush(0)
    bench.fill()
    bench.scribe.tell([("network", {"n": 1})])
    bench.scribe.flush(1)
    assert bench.scribe.trouble is not None
    assert bench.scribe.trouble.code == "E-ledger-write"
    bench.machine.clock += timedelta(minutes=3)
    bench.scribe.tell([("network", {"n": 2})])
    bench.scribe.flush(2)
    assert bench.kinds() == ["start"]
    bench.machine.disks["ledger"].capacity = None
    bench.scribe.flush(200)
    assert bench.scribe.trouble is None
    assert [kind for kind in bench.kinds() if kind not in ("start", "stop")] == ["gap", "network", "network"]
    gap, late, current = [one for one in bench.records() if one.kind in ("gap", "network")]
    assert (gap.data["reason"], gap.data["late"], gap.data["lost"]) == ("unwritable", 2, {})
    assert late.data == {"n": 1, "seen_at": "2026-11-20T12:00:00.000Z"}
    assert current.data == {"n": 2}


def test_a_ledger_that_cannot_be_written_from_the_start_is_tried_again() -> None:
    bench = Bench()
    bench.machine.durable_folder("ledger")
    bench.fill()
    bench.scribe.begin()
    bench.scribe.tell([("network", {})])
    bench.scribe.flush(0.5)
    bench.machine.disks["ledger"].capacity = None
    bench.scribe.flush(1.0)
    assert len(bench.scribe) == 1  # not yet tried again
    bench.scribe.flush(60)
    assert bench.kinds() == ["start", "gap", "network"]


def test_what_does_not_fit_into_memory_is_counted_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_scribe, "MOST_WAITING", 10)
    bench = Bench()
    bench.scribe.begin()
    bench.fill()
    bench.scribe.tell([("network", {})] * 8 + [("listener", {})] * 5)
    bench.scribe.flush(0)
    assert bench.scribe.lost
    bench.machine.disks["ledger"].capacity = None
    bench.scribe.flush(100)
    (gap,) = [one for one in bench.records() if one.kind == "gap"]
    assert gap.data["lost"] == {"listener": 3}


def test_a_ledger_that_another_process_writes_is_no_reason_to_wait() -> None:
    bench = Bench()
    bench.scribe.begin()
    with pytest.raises(WeighbridgeError, match="another process"):
        Scribe(bench.opened, lambda: "").begin()


def test_the_end_on_a_full_disk_says_that_not_all_was_written() -> None:
    bench = Bench()
    bench.scribe.begin()
    bench.fill()
    bench.scribe.tell([("network", {})])
    assert not bench.scribe.close(0)


def test_after_a_failed_synchronization_the_ledger_is_opened_anew() -> None:
    bench = Bench()
    bench.scribe.begin()
    bench.machine.disks["ledger"].fail_sync = True
    bench.scribe.tell([("network", {})])
    bench.scribe.flush(0)
    assert bench.scribe.trouble is not None
    bench.scribe.flush(60)
    assert bench.scribe.trouble is None
    assert bench.kinds()[-2:] == ["gap", "network"]


def test_many_records_are_signed_before_the_minute_is_over() -> None:
    bench = Bench()
    bench.scribe.begin()
    bench.scribe.flush(0)
    bench.scribe.tell([("network", {"n": number}) for number in range(700)])
    bench.scribe.flush(1)
    head = LogReader(bench.machine.durable_folder("ledger")).head()
    assert head.checkpoint.size == 701
