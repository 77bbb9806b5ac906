from datetime import UTC, datetime

from weighbridge.host.boot import Boot
from weighbridge.pipeline.watch_clock import Clock

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_a_pause_as_meant_is_no_gap() -> None:
    clock = Clock(100, Boot("b", 1000))
    assert clock.passed(103, Boot("b", 1003), AT, 3) == []
    assert not clock.woke


def test_sleep_counts_on_one_clock_only() -> None:
    clock = Clock(100, Boot("b", 1000))
    assert clock.passed(101, Boot("b", 4601), AT, 3) == [
        ("gap", {"reason": "sleep", "from": "2026-11-21T11:00:00.000Z", "to": "2026-11-21T12:00:00.000Z",
                 "seconds": 3600})
    ]  # fmt: skip
    assert clock.woke
    assert clock.passed(104, Boot("b", 4604), AT, 3) == []
    assert not clock.woke


def test_a_sensor_that_was_stopped_says_so_and_one_that_was_late_does_not() -> None:
    clock = Clock(100, Boot("b", 1000))
    assert clock.passed(120, Boot("b", 1020), AT, 3) == []
    ((kind, data),) = clock.passed(220, Boot("b", 1120), AT, 3)
    assert (kind, data["reason"], data["seconds"]) == ("gap", "stalled", 97)
