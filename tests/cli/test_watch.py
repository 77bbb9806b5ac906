"""The command: what it refuses, its helper as a child, and units shown before they are written."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli_runs import wb

from weighbridge.host import service as services
from weighbridge.host.service import Service


def helper(state: Path, policy: str, *requests: object) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "weighbridge", "watch", "--helper", "--policy", policy],
        input="".join(json.dumps(request) + "\n" for request in requests).encode(),
        capture_output=True,
        check=False,
        env={"WEIGHBRIDGE_STATE": str(state), "HOME": str(state)},
    )
    assert b"Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_helper_answers_requests_until_its_input_ends(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    from tests.pipeline.test_weights_files import gguf

    model.write_bytes(gguf())
    answers = helper(tmp_path / "state", "observe", {"do": "hello"}, {"do": "scan", "roots": [str(tmp_path)]})
    assert answers[0] == {"done": {"policy": "observe 1 (observe)"}}
    assert [one["seen"][0] for one in answers if "seen" in one][:2] == ["artifact", "sighting"]  # type: ignore[index]
    assert answers[-1]["done"]["below"] == [str(tmp_path)]  # type: ignore[index]


def test_a_policy_that_is_wrong_is_said_with_its_code(tmp_path: Path) -> None:
    ((answer),) = helper(tmp_path, str(tmp_path / "none"), {"do": "hello"})
    assert answer["done"]["code"].startswith("E-policy")  # type: ignore[index]


def test_a_sensor_with_a_policy_that_is_wrong_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    code, out, err = wb("watch", "--policy", str(tmp_path / "none"))
    assert (code, out) == (2, "")
    assert "E-policy" in err
    assert not (tmp_path / "state" / "ledger").exists()


def test_units_are_shown_first_and_written_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = Service(str(tmp_path / "unit"), "what it says\n", (), ())
    monkeypatch.setattr(services, "service", lambda _policy: unit)
    code, out, err = wb("watch", "--uninstall")
    assert (code, "there is no" in err) == (3, True)
    monkeypatch.setattr("click.confirm", lambda *_args, **_more: False)
    assert wb("watch", "--install")[:2] == (0, "what it says\n")
    assert not unit.is_installed()
    code, out, err = wb("watch", "--install", "--yes")
    assert (code, out, unit.is_installed()) == (0, "what it says\n", True)
    assert wb("watch", "--uninstall")[0] == 0
    assert unit.is_installed()
    assert wb("watch", "--uninstall", "--yes")[0] == 0
    assert not unit.is_installed()
    assert wb("watch", "--install", "--uninstall")[0] == 2
