"""`wb export` from the outside: what a person types, sees, and exits with."""

import io
import json
import os
from pathlib import Path

import pytest
from tests.cli_runs import wb
from tests.export.event_samples import scan_report

from weighbridge.export.registry import EVENTS, EXPORTS
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.ledger_open import open_ledger


@pytest.fixture
def report(tmp_path: Path) -> str:
    """Return a report in which the policy denies something by digest."""
    content = dict(scan_report())
    denied = {**content["artifacts"][0], "verdict": {**content["artifacts"][0]["verdict"], "by_rules": "deny"}}
    content["artifacts"] = [denied, *content["artifacts"][1:]]
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content))
    return str(path)


def test_without_a_format_all_are_listed() -> None:
    code, out, _ = wb("export")
    assert code == 0
    assert [name for name in (*EXPORTS, *EVENTS) if f"  {name} " not in out] == []


def test_a_format_that_is_none_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = wb("export", "sigmo")
    assert code == 2
    assert "did you mean `sigma`?" in err + capsys.readouterr().err


@pytest.mark.parametrize("name", EXPORTS)
def test_rules_go_to_a_folder_and_say_what_to_do(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    code, out, err = wb("export", name, "--policy", "regulated", "--output", str(folder))
    assert (code, out) == (0, "")
    assert ("written to" in err) is bool(list(folder.rglob("*")))
    assert "written to" in err or "asks for nothing" in err
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("name", EXPORTS)
def test_a_policy_that_observes_says_that_nothing_blocks(name: str, tmp_path: Path) -> None:
    code, _, err = wb("export", name, "--output", str(tmp_path / "out"))
    assert code == 0
    assert "nothing in this blocks" in err or "asks for nothing" in err


def test_several_files_want_a_folder() -> None:
    code, out, err = wb("export", "sigma")
    assert (code, out) == (2, "")
    assert "wb export sigma -o FOLDER" in err


def test_a_report_blocks_by_digest(report: str, tmp_path: Path) -> None:
    code, _, _ = wb("export", "sigma", "--from", report, "-o", str(tmp_path / "out"))
    assert code == 0
    digest = scan_report()["artifacts"][0]["sha256"].upper()
    assert f"SHA256={digest}" in (tmp_path / "out/windows/weighbridge_blocked_weights_1.yml").read_text()


def test_what_another_policy_denied_says_nothing(report: str, tmp_path: Path) -> None:
    code, _, err = wb("export", "sigma", "--policy", "balanced", "--from", report, "-o", str(tmp_path / "out"))
    assert code == 2
    assert "weighed by policy observe 1, not by balanced 1" in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", EVENTS)
def test_events_go_to_stdout_or_to_a_file(name: str, report: str, tmp_path: Path) -> None:
    code, out, _ = wb("export", name, "--from", report)
    assert code == 0
    file = tmp_path / "events"
    code, empty, err = wb("export", name, "--from", report, "-o", str(file))
    assert (code, empty) == (0, "")
    assert file.read_text() == out
    assert "events written" in err


def test_events_of_what_is_asked_back(tmp_path: Path) -> None:
    code, _, err = wb("export", "ocsf")
    assert code == 2
    assert "wb scan --format json" in err
    code, _, err = wb("export", "ocsf", "--from", str(tmp_path / "none.json"))
    assert code == 2
    assert "E-report-unreadable" in err or "E-path-missing" in err


def test_a_report_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(scan_report()).encode())))
    code, out, _ = wb("export", "ecs", "--from", "-")
    assert code == 0
    assert out.count("\n") >= len(scan_report()["artifacts"])


def test_what_this_machine_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    assert wb("export", "ecs", "--from", "ledger")[0] == 3
    with open_ledger(RealMachine()) as recorder:
        recorder.record("sighting", {"path": "/models/a.gguf", "sha256": "ab" * 32})
    code, out, _ = wb("export", "ecs", "--from", "ledger")
    assert code == 0
    assert [json.loads(line)["event"]["action"] for line in out.splitlines()] == ["start", "sighting", "stop"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    code, _, err = wb("export", "sigma", "-o", str(tmp_path / "out"))
    assert code == 1
    assert "E-output-failed" in err


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    code, _, err = wb("export", "sigma", "-o", str(tmp_path / "out"))
    assert code == 1
    assert "E-output-failed" in err
