import pytest

from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import LimitReached


def test_a_counter_may_reach_its_limit_and_not_pass_it() -> None:
    budget = Budget()
    budget.spend("items", 10, 10)
    with pytest.raises(LimitReached) as reached:
        budget.spend("items", 1, 10)
    assert (reached.value.what, reached.value.limit) == ("items", 10)


def test_counters_are_independent() -> None:
    budget = Budget(Limits(items=5))
    budget.spend("items", 5, budget.limits.items)
    budget.spend("opcodes", 5, 5)
