from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.watch_owed import Owed

ONE, OTHER = (RunningProcess(pid=pid, started=5, name="x") for pid in (7, 8))


def test_what_a_look_told_or_judged_is_settled() -> None:
    owed = Owed()
    owed.owe([ONE, OTHER], 0)
    owed.asked()
    owed.ended([7])
    assert owed.settle(told=[7]) == []
    owed.ended([7, 8])
    assert owed.rest() == []


def test_what_ended_untold_is_returned_once() -> None:
    owed = Owed()
    owed.owe([ONE], 0)
    owed.ended([7])
    owed.asked()
    assert owed.settle(told=[8]) == [ONE]
    assert owed.settle(told=[]) == []


def test_a_look_that_began_before_settles_nothing() -> None:
    owed = Owed()
    owed.asked()
    owed.owe([ONE], 0)
    assert owed.settle(told=[]) == []
    owed.ended([7])
    assert owed.rest() == [ONE]
    owed.asked()
    assert owed.settle(told=[]) == [ONE]


def test_it_is_bounded() -> None:
    owed = Owed()
    owed.owe((RunningProcess(pid=pid, started=1, name="x") for pid in range(5000)), 0)
    owed.ended(range(5000))
    assert len(owed.rest()) == 1000


def test_what_no_look_tells_in_time_is_told_once_without() -> None:
    owed = Owed()
    assert owed.due() is None
    owed.owe([ONE], 10)
    assert owed.late(11) == []
    assert owed.due() == 12.5
    assert owed.late(12.5) == [ONE]
    assert (owed.late(20), owed.due()) == ([], None)
