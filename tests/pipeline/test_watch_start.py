"""Beginning and ending over a real folder; what follows in between is in test_watch.py and tests/live."""

import os
import signal
import threading
from pathlib import Path

import pytest

from weighbridge.host.fake_live import FakeLive
from weighbridge.host.real import RealMachine
from weighbridge.ledger.entry import decode
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline import watch_start
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger
from weighbridge.pipeline.watch_start import Sensor

HELPER = ("watch", "--helper", "--policy", "observe")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RealMachine:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    return RealMachine()


def kinds(machine: RealMachine) -> list[str]:
    log = ledger_reader(machine)
    records = [decode(entry) for entry in log.entries(0, log.head().size)]
    return [record.kind for record in records if record is not None]


def run_until(sensor: Sensor, number: int, after: float = 1.0) -> bool:
    """Run it, and send it a signal some seconds after its first turn: by then it surely takes signals."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    timer = threading.Timer(after, os.kill, (os.getpid(), number))
    turn = sensor._watch.turn

    def first() -> None:
        sensor._watch.turn = turn  # type: ignore[method-assign]
        turn()
        timer.start()

    sensor._watch.turn = first  # type: ignore[method-assign]
    try:
        return sensor.run()
    finally:
        timer.cancel()
        for each, handler in before.items():
            signal.signal(each, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order_and_the_time_until_the_next_start_is_a_gap(
    machine: RealMachine, number: int
) -> None:
    assert run_until(Sensor(machine, FakeLive(), HELPER), number)
    assert kinds(machine)[0] == "start"
    assert kinds(machine)[-1] == "stop"
    before = len(kinds(machine))
    assert run_until(Sensor(machine, FakeLive(), HELPER), number)
    assert kinds(machine)[before : before + 2] == ["start", "gap"]


def test_a_new_version_of_the_program_ends_it_in_good_order_once_it_has_come_to_rest(
    machine: RealMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = [(1,), (2,), (), (3,), (3,)]
    asked: list[tuple[int, ...]] = []

    def stamp() -> tuple[int, ...]:
        asked.append(stamps[min(len(asked), len(stamps) - 1)])
        return asked[-1]

    monkeypatch.setattr(watch_start, "program_stamp", stamp)
    monkeypatch.setattr(watch_start, "_UPGRADE_SECONDS", 0.0)
    sensor = Sensor(machine, FakeLive(), HELPER)
    assert run_until(sensor, signal.SIGTERM, after=300)
    assert sensor.upgraded
    assert asked == stamps
    assert kinds(machine)[-1] == "stop"


def test_who_holds_the_ledger_is_said(machine: RealMachine) -> None:
    with open_ledger(machine), pytest.raises(WeighbridgeError, match=f"process {os.getpid()} writes"):
        Sensor(machine, FakeLive(), HELPER)


def test_a_helper_that_does_not_work_is_said_before_anything_is_written(machine: RealMachine) -> None:
    with pytest.raises(WeighbridgeError, match="helper of the sensor"):
        Sensor(machine, FakeLive(), ("--version",))
    with pytest.raises(WeighbridgeError, match="nothing has been recorded"):
        ledger_reader(machine)
