"""`wb sync`; the rest of it is in test_enroll.py."""

from pathlib import Path

import pytest
from tests.cli_runs import wb

from weighbridge.cli.sync import _HINTS
from weighbridge.sync.messages import REFUSALS


def test_a_machine_of_no_fleet_has_nobody_to_send_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    code, out, err = wb("sync")
    assert (code, out) == (3, "")
    assert "error[E-not-enrolled]" in err
    assert not (tmp_path / "state" / "membership").exists()


def test_hints_are_for_refusals_that_there_are() -> None:
    assert _HINTS.keys() - REFUSALS.keys() == {"unreachable"}
