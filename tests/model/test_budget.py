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


@pytest.mark.parametrize("nested", [False, True])
def test_a_packed_archive_may_become_much_and_only_nesting_accuses(nested: bool) -> None:
    budget = Budget(Limits(archive_bytes=100, archive_ratio=10))
    budget.earn_expansion(5)
    budget.spend_unpacking(150, nested=nested)
    with pytest.raises(LimitReached) as reached:
        budget.spend_unpacking(1, nested=nested)
    assert reached.value.honest is not nested
    budget.spend_expansion(1000)
    assert budget.expanded == 1151
