"""`wb scan --record` and `wb up` write into the ledger; a plain scan never does."""

import io
from pathlib import Path

import pytest
from tests.cli_runs import wb
from tests.samples.safetensors_file import small

from weighbridge.cli.recording import record_if_possible
from weighbridge.cli.screen import Screen
from weighbridge.host.real import RealMachine
from weighbridge.model.artifact import Scan
from weighbridge.pipeline.ledger_open import open_ledger
from weighbridge.pipeline.options import Options


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "a.safetensors").write_bytes(small())
    return folder


def test_a_plain_scan_records_nothing(models: Path, tmp_path: Path) -> None:
    assert wb("scan", str(models))[0] in (0, 4)
    assert not (tmp_path / "state" / "ledger").exists()
    assert not (tmp_path / "state" / "ledger-key").exists()


def test_a_recorded_scan_is_shown_and_not_told_twice(models: Path) -> None:
    code, _, err = wb("scan", str(models), "--record")
    assert code in (0, 4)
    assert "✓ ledger" in err
    shown = wb("ledger", "show", "--kind", "sighting")[1]
    assert "a.safetensors" in shown
    assert "nothing new" in wb("scan", str(models), "--record")[2]
    assert wb("ledger", "show", "--kind", "sighting")[1] == shown
    assert wb("ledger", "verify")[0] == 0
    (models / "a.safetensors").unlink()
    wb("scan", str(models), "--record")
    assert "a.safetensors" in wb("ledger", "show", "--kind", "sighting-end")[1]


def test_a_ledger_that_is_being_written_stops_only_who_asked_for_it(models: Path) -> None:
    with open_ledger(RealMachine()):
        code, out, err = wb("scan", str(models), "--record", "--format", "json")
        assert (code, "E-ledger-busy" in err) == (1, True)
        assert out.startswith("{")


def test_where_recording_is_not_possible_up_says_why_and_goes_on(models: Path) -> None:
    screen = Screen(io.StringIO(), io.StringIO(), {})
    empty = Scan(artifacts=(), repositories=(), unexamined=(), files_seen=0, bytes_seen=0)
    with open_ledger(RealMachine()):
        record_if_possible(screen, RealMachine(), empty, Options())
    assert "not recorded: another process of Weighbridge writes to the ledger" in screen._stderr.getvalue()
    record_if_possible(screen, RealMachine(), empty, Options())
    assert "ledger  nothing new" in screen._stderr.getvalue()
