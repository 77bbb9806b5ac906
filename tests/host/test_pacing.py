import signal
import time

import pytest

from weighbridge.host import pacing
from weighbridge.host.pacing import Pace, resting


class Clocks:
    def __init__(self) -> None:
        self.wall = self.used = 0.0
        self.rests: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.wall += seconds

    def work(self, seconds: float) -> None:
        self.wall += seconds
        self.used += seconds


def test_work_keeps_to_its_share() -> None:
    clocks = Clocks()
    pace = Pace(0.05, lambda: clocks.used, lambda: clocks.wall, clocks.sleep)
    for _ in range(1000):
        clocks.work(0.01)
        pace()
    assert 0.049 < clocks.used / clocks.wall < 0.051


def test_who_is_not_ahead_does_not_rest() -> None:
    clocks = Clocks()
    pace = Pace(0.05, lambda: clocks.used, lambda: clocks.wall, clocks.sleep)
    clocks.wall += 100
    clocks.work(4)
    pace()
    assert clocks.rests == []


def test_a_long_piece_is_paid_for_in_several_rests_so_that_the_end_is_not_missed() -> None:
    clocks = Clocks()
    pace = Pace(0.05, lambda: clocks.used, lambda: clocks.wall, clocks.sleep)
    clocks.work(1)
    pace()
    assert clocks.rests == [5.0]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform has no timer of processor time")
def test_work_that_never_says_how_far_it_is_rests_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(pacing, "Pace", lambda share: Pace(share, sleep=rests.append))
    before = signal.getsignal(signal.SIGPROF)
    with resting(0.001):
        begun = time.process_time()
        while time.process_time() - begun < 0.3:
            pass
    assert len(rests) > 5
    assert all(0 < rest <= 5 for rest in rests)
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform has no timer of processor time")
def test_a_rest_is_not_interrupted_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []

    def busy_rest(_seconds: float) -> None:
        depths.append(1)
        begun = time.process_time()
        while time.process_time() - begun < 0.05:
            pass
        depths.append(-1)

    monkeypatch.setattr(pacing, "Pace", lambda share: Pace(share, sleep=busy_rest))
    with resting(0.001):
        begun = time.process_time()
        while time.process_time() - begun < 0.2:
            pass
    assert depths[:4] == [1, -1, 1, -1]
