import json
from pathlib import Path

import pytest
from tests.cli_runs import wb


def test_a_waiver_goes_where_reviews_see_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wb("sign", "--new-key", "key")
    base = ("--owner", "Ada", "--reason", "trial", "--key", "key")
    assert wb("waive", "sha256:" + "AB" * 32, "--rule", "deny-x", "--expires", "2999-01-01", *base)[0] == 0
    written = tmp_path / "waivers" / ("ab" * 8 + "-deny-x.json")
    assert json.loads(written.read_text())["payloadType"] == "application/vnd.weighbridge.waiver.v1+json"
    for digest, rule, day in (
        ("ab", "deny-x", "2999-01-01"),
        ("ab" * 32, "deny-malicious", "2999-01-01"),
        ("ab" * 32, "deny-x", "soon"),
    ):
        code, _, err = wb("waive", digest, "--rule", rule, "--expires", day, *base)
        assert code == 2
        assert "hint" in err


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "waivers").write_text("in the way")
    wb("sign", "--new-key", "key")
    code, _, err = wb(
        *("waive", "ab" * 32, "--rule", "deny-x", "--owner", "Ada", "--reason", "trial"),
        *("--expires", "2999-01-01", "--key", "key"),
    )
    assert (code, "error[E-output-failed]: cannot make the folder waivers" in err) == (1, True)
