import io

import pytest

from weighbridge.cli import doctor
from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


def test_a_healthy_installation_passes(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "not-yet-there"))
    out = io.StringIO()
    assert run(["doctor"], Screen(out, io.StringIO(), {})) == 0, out.getvalue()
    examined, _, seen = out.getvalue().partition("\n\nWhat can be seen here\n")
    assert all(line.startswith("✓") for line in examined.splitlines())
    assert all(line.startswith(("✓", "·")) for line in seen.partition("\n\n")[0].splitlines())


def test_one_failure_is_reported_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("disk gone")

    monkeypatch.setattr(doctor, "TESTS", (("disk", fail), ("versions", doctor._versions)))
    out = io.StringIO()
    assert run(["doctor"], Screen(out, io.StringIO(), {})) == 1
    assert out.getvalue().splitlines()[0].split(maxsplit=2) == ["✗", "disk", "OSError: disk gone"]
