from datetime import UTC, datetime, timedelta

from weighbridge.ledger.chronicle import Chronicle
from weighbridge.ledger.entry import encode

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def entry(index: int, kind: str = "artifact", seconds: float = 0, boot: str = "b", since: float = 0, **data) -> bytes:
    at = AT + timedelta(seconds=seconds)
    return encode(index, kind, data, at=at, monotonic=since, boot=boot, network="offline")


def test_records_in_order_say_nothing() -> None:
    chronicle = Chronicle()
    assert [chronicle.take(number, entry(number, seconds=number, since=number)) for number in range(5)] == [None] * 5
    assert chronicle.take(5, b"something else") is None
    assert chronicle.notes == ()


def test_a_record_at_another_place_is_wrong() -> None:
    assert Chronicle().take(3, entry(4)) == "states that it is record 4"


def test_time_goes_forward_or_a_record_says_that_it_was_set() -> None:
    chronicle = Chronicle()
    chronicle.take(0, entry(0, seconds=100, since=50))
    assert "earlier time" in str(chronicle.take(1, entry(1, seconds=10, since=51)))
    chronicle = Chronicle()
    chronicle.take(0, entry(0, seconds=100, since=50))
    assert chronicle.take(1, entry(1, "clock-step", seconds=10, since=51, seconds_=0)) is None
    assert chronicle.take(2, entry(2, seconds=10, since=51)) is None
    assert "older" in str(chronicle.take(3, entry(3, seconds=11, since=40)))
    assert chronicle.take(4, entry(4, seconds=12, boot="another")) is None


def test_gaps_steps_and_pruning_are_noted() -> None:
    chronicle = Chronicle()
    chronicle.take(0, entry(0, "gap", reason="killed"))
    chronicle.take(1, encode(1, "clock-step", {"seconds": -3600.0}, at=AT, monotonic=0, boot="b", network=""))
    chronicle.take(2, entry(2, "prune", minimum=256, why="old"))
    chronicle.take(3, entry(3, "prune", minimum="x"))
    assert chronicle.pruned == 256
    assert chronicle.notes == (
        "record 0: nothing was recorded until 2026-11-21T08:00:00.000Z (killed)",
        "record 1: the clock was set by -3600 s to 2026-11-21T08:00:00.000Z",
        "record 2: records below 256 were removed (old)",
        "record 3: records below 256 were removed (no reason given)",
    )


def test_notes_are_limited() -> None:
    chronicle = Chronicle()
    for number in range(300):
        chronicle.take(number, entry(number, "gap"))
    assert (len(chronicle.notes), chronicle.notes[-1]) == (201, "and 100 more")
