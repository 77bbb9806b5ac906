import pytest

from weighbridge.host.own_cost import Cost
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.watch_health import HARD_RESIDENT, RESIDENT, Health

SMALL = 30 << 20


def test_within_budget_there_is_a_heartbeat_every_ten_minutes_and_nothing_else() -> None:
    health = Health(0, Cost(1, 0, SMALL))
    items = []
    for second in range(30, 1831, 30):
        assert health.is_due(second)
        items += health.measured(second, Cost(1 + second * 0.004, second * 0.002, SMALL), {"looks": second})
        assert not health.is_due(second + 29)
    assert [kind for kind, _ in items] == ["heartbeat"] * 3
    assert items[0][1] == {
        "up_seconds": 600, "processor_seconds": 3.4, "helper_seconds": 1.2, "processor_share": 0.006,
        "resident_bytes": SMALL, "slowness": 1, "looks": 600,
    }  # fmt: skip


def test_beyond_budget_it_slows_down_and_says_so_and_speeds_up_again() -> None:
    health = Health(0, Cost(0, 0, SMALL))
    spent, slownesses = 0.0, []
    for step in range(1, 90):
        spent += 30 * (0.03 / health.slowness if step < 50 else 0.001)
        slownesses += [data["slowness"] for kind, data in health.measured(step * 30, Cost(spent, 0, SMALL), {})
                       if kind == "overload"]  # fmt: skip
    assert slownesses == [2, 4, 2, 1]
    assert health.slowness == 1


def test_what_a_start_costs_is_paid_for_by_the_quiet_after_it() -> None:
    health = Health(0, Cost(0, 0, SMALL))
    assert health.measured(30, Cost(2, 3, SMALL), {}) == []
    assert [health.measured(second, Cost(2, 3, SMALL), {}) for second in range(60, 600, 30)] == [[]] * 18


def test_the_cost_of_helpers_counts() -> None:
    health = Health(0, Cost(0, 0, SMALL))
    health.measured(30, Cost(0, 4, SMALL), {})
    assert health.measured(60, Cost(0, 12, SMALL), {}) == [
        ("overload", {"what": "processor", "share": 0.02, "slowness": 2})
    ]


def test_memory_beyond_budget_is_told_once_and_beyond_all_bounds_ends_it() -> None:
    health = Health(0, Cost(0, 0, SMALL))
    told = [
        health.measured(second, Cost(0, 0, size), {})
        for second, size in ((30, SMALL), (60, RESIDENT + 1), (90, RESIDENT + 2), (120, SMALL))
    ]
    assert [[data["over"] for _, data in items] for items in told] == [[], [True], [], [False]]
    with pytest.raises(WeighbridgeError, match="the sensor holds 160 MB"):
        health.measured(150, Cost(0, 0, HARD_RESIDENT + 1), {})
