from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.rate_limit import RateLimit


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_so_many_at_once_then_steadily():
    clock = Clock()
    limit = RateLimit(60, clock, burst=3)
    assert [limit.take("ada") for _ in range(3)] == [0.0] * 3
    assert 0.9 < limit.take("ada") <= 1.0
    assert limit.take("grace") == 0.0, "another key has its own"
    clock.now = 1.0
    assert limit.wait("ada") == 0.0
    assert limit.take("ada") == 0.0
    assert limit.take("ada") > 0.0


def test_asking_when_does_not_take():
    limit = RateLimit(60, Clock(), burst=1)
    assert [limit.wait("ada") for _ in range(5)] == [0.0] * 5
    assert limit.take("ada") == 0.0
    assert limit.wait("ada") > 0.0


def test_memory_is_bounded_and_the_oldest_key_goes():
    limit = RateLimit(60, Clock(), burst=1, most_keys=100)
    limit.take("first")
    for number in range(99):
        limit.take(str(number))
    assert limit.take("first") > 0.0
    for number in range(1_000, 1_100):
        limit.take(str(number))
    assert len(limit._buckets) == 100


@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from("ab")), max_size=200))
def test_nobody_gets_more_than_the_burst_and_what_came_back(steps):
    clock = Clock()
    limit = RateLimit(30, clock, burst=5)
    taken = {"a": 0, "b": 0}
    for pause, key in steps:
        clock.now += pause
        taken[key] += limit.take(key) == 0.0
    for count in taken.values():
        assert count <= 5 + clock.now * 0.5 + 1e-6
