import io
import os
from pathlib import Path

import pytest
from tests.samples.scan import context, scan

from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths, deliver, policy_name, weigh
from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.options import Options


def test_paths_become_absolute_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").touch()
    monkeypatch.chdir(tmp_path)
    assert absolute_paths(["a"]) == (os.fsencode(tmp_path / "a"),)


def test_a_missing_path_is_named() -> None:
    with pytest.raises(WeighbridgeError, match="nothing at no/such/thing"):
        absolute_paths(["no/such/thing"])


def test_the_policy_is_named_with_its_mode() -> None:
    named = "balanced 7 (fleet, enforce)"
    assert policy_name(scan(policy=named)) == named
    assert policy_name(scan(policy=named, artifacts=())) == ""


def test_a_report_goes_to_stdout_or_to_a_file(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(out, err, {})
    deliver(screen, scan(), context(), "json", "-")
    assert out.getvalue().startswith("{")
    target = tmp_path / "report.txt"
    deliver(screen, scan(), context(color=True), "table", str(target))
    assert "\x1b" not in target.read_text(encoding="utf-8")
    assert "report written" in err.getvalue()


def test_an_empty_machine_is_weighed() -> None:
    machine = FakeMachine()
    result, described = weigh(Screen(io.StringIO(), io.StringIO(), {}), machine, Options(), name="fake")
    assert result.artifacts == ()
    assert described.machine == "fake"
    assert described.home == "/home/ada"
