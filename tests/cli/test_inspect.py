import io
from pathlib import Path

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen
from weighbridge.pipeline.demo_files import call_pickle


def test_one_file_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    target = tmp_path / "weights.bin"
    target.write_bytes(call_pickle("posix", "system", "echo"))
    out = io.StringIO()
    run(["inspect", str(target)], Screen(out, io.StringIO(), {}))
    for words in ("weights.bin", "✗ malicious", "SHA-256", "posix.system", "Verdict", "Places (1)"):
        assert words in out.getvalue()


def test_a_file_that_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    target = tmp_path / "notes.txt"
    target.write_text("hello")
    out = io.StringIO()
    assert run(["inspect", str(target)], Screen(out, io.StringIO(), {})) == 3
    assert "no model here" in out.getvalue()
