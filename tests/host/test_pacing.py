from weighbridge.host.pacing import Pace


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
    assert clocks.rests == [2.0]
