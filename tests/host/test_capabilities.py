import sys

import pytest

from weighbridge.host import capabilities
from weighbridge.host.capabilities import effective, most_watches, parse_status


def test_bits_are_names() -> None:
    assert parse_status("Name:\tx\nCapPrm:\t0\nCapEff:\t0000004000080000\n") == {"CAP_PERFMON", "CAP_SYS_PTRACE"}
    assert parse_status("CapEff:\t000001ffffffffff") == set(capabilities.NUMBERS)
    assert parse_status("CapEff:\t0000000000000000") == frozenset()
    assert parse_status("") == frozenset()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has capabilities")
def test_this_process_has_some_or_none() -> None:
    assert effective() <= set(capabilities.NUMBERS)
    watches = most_watches()
    assert watches is None or watches > 0


def test_elsewhere_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capabilities, "_SYSTEM", "darwin")
    assert effective() == frozenset()
