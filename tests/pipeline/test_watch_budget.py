import pytest

from weighbridge.pipeline.watch_budget import Budget


def budget(now: float = 100.0) -> Budget:
    return Budget(now, share=0.01, most=3.0, longest=400.0)


def test_what_was_saved_can_be_spent_at_once() -> None:
    one = budget()
    one.spend(2.5, 100)
    assert one.left(100) == pytest.approx(0.5)
    assert one.due() <= 100


def test_beyond_it_time_has_to_pass() -> None:
    one = budget()
    one.spend(4.0, 100)
    assert one.due() == pytest.approx(200)
    assert one.left(150) == pytest.approx(-0.5)
    assert one.due() == pytest.approx(200)
    assert one.left(250) == pytest.approx(0.5)


def test_no_more_is_saved_than_fits() -> None:
    assert budget().left(100_000) == 3.0


def test_one_that_was_very_dear_is_not_waited_for_all_day() -> None:
    one = budget()
    one.spend(1000.0, 100)
    assert one.due() == pytest.approx(500)


def test_over_time_no_more_is_spent_than_was_saved_and_earned() -> None:
    one, now, spent = budget(), 100.0, 0.0
    while now < 10_100:
        one.left(now)
        if one.due() <= now:
            one.spend(0.07, now)
            spent += 0.07
        now += 0.5
    assert spent == pytest.approx(3.0 + 10_000 * 0.01, rel=0.01)


def test_a_clock_that_stands_or_goes_back_earns_nothing() -> None:
    one = budget()
    one.spend(3.0, 100)
    one.spend(-1.0, 100)
    assert one.left(90) == 0.0
