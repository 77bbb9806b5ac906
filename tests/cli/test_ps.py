"""`wb ps` over this machine; what it finds is the business of tests/live."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli_runs import wb

from weighbridge.report.ps_json_schema import ps_schema


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))


def test_json_is_what_the_schema_says() -> None:
    code, out, err = wb("ps", "--format", "json")
    assert code in (0, 3, 4), err
    jsonschema.validate(json.loads(out), ps_schema())


def test_the_table_ends_with_what_was_looked_at() -> None:
    _, out, _ = wb("ps", "--no-cache")
    assert "looked at · network: " in out


def test_a_report_can_go_to_a_file(tmp_path: Path) -> None:
    _, out, err = wb("ps", "--output", str(tmp_path / "ps.txt"))
    assert out == ""
    assert "report written" in err
    assert "looked at" in (tmp_path / "ps.txt").read_text()


def test_a_policy_that_is_none_is_an_error() -> None:
    code, out, err = wb("ps", "--policy", "/nowhere")
    assert (code, out) == (2, "")
    assert "error[" in err


def test_the_sample_machine_shows_every_kind_of_thing() -> None:
    code, out, _ = wb("ps", "--demo", "--policy", "balanced")
    assert code == 0
    for words in ("ollama", "llama_cpp", "0.0.0.0:8090", "claude_code", "other bytes lie at its path now", "! warn"):
        assert words in out
    document = json.loads(wb("ps", "--demo", "--format", "json")[1])
    jsonschema.validate(document, ps_schema())
    assert document["machine"] == "demo machine"
    assert wb("ps", "--demo", "--fail-on", "warn", "--policy", "balanced")[0] == 20
