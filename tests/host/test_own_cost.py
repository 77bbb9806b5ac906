import os

import pytest

from weighbridge.host import own_cost


def test_cost_grows_and_memory_is_that_of_an_interpreter() -> None:
    before = own_cost.own_cost()
    sum(range(3_000_000))
    after = own_cost.own_cost()
    assert after.seconds > before.seconds
    assert 5 << 20 < after.resident_bytes < 4 << 30
    assert after.helper_seconds >= before.helper_seconds


def test_a_process_of_ours_is_told_by_pid_and_one_that_is_gone_costs_nothing() -> None:
    assert own_cost.processor_seconds(os.getpid()) > 0
    assert own_cost.processor_seconds(0x7FFFFFFF) == 0


def test_elsewhere_memory_is_asked_of_psutil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_cost, "_SYSTEM", "darwin")
    assert own_cost.own_cost().resident_bytes > 5 << 20
