import io
import json
import os
from pathlib import Path

import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen
from weighbridge.pipeline.demo_files import call_pickle, safetensors


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    models = tmp_path / "models"
    models.mkdir()
    weights = safetensors([("a", (4, 4), "F32")])
    (models / "good.safetensors").write_bytes(weights.read(0, weights.size))
    return models


def scan(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(["scan", *arguments], Screen(out, err, {}))
    return code, out.getvalue(), err.getvalue()


def test_a_folder_in_json(folder: Path) -> None:
    code, out, err = scan(str(folder), "--format", "json")
    assert (code, err) == (0, "")
    (artifact,) = json.loads(out)["artifacts"]
    assert artifact["format"] == "safetensors"
    assert artifact["assessment"] == "clean"
    assert artifact["places"] == [{"path": str(folder / "good.safetensors")}]
    assert len(artifact["sha256"]) == 64


def test_no_digest_leaves_identity_open(folder: Path) -> None:
    _, out, _ = scan(str(folder), "-f", "json", "--no-digest")
    assert json.loads(out)["artifacts"][0]["sha256"] is None


def test_exit_codes(folder: Path, tmp_path: Path) -> None:
    assert scan(str(tmp_path / "nowhere"))[0] == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert scan(str(empty))[0] == 3
    (folder / "bad.bin").write_bytes(call_pickle("posix", "system", "echo"))
    assert scan(str(folder), "--fail-on", "warn")[0] == 20
    assert scan(str(folder), "--policy", "regulated")[0] == 21
    assert scan(str(folder), "--policy", "regulated", "--format", "sarif")[0] == 0


def test_an_output_file_is_complete_and_stdout_stays_empty(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    code, out, err = scan(str(folder), "-f", "html", "-o", str(target))
    assert (code, out) == (0, "")
    assert "report written" in err
    assert target.read_text(encoding="utf-8").endswith("</html>\n")


@pytest.mark.skipif(os.name == "nt", reason="names that are not UTF-8 exist on POSIX only")
def test_a_name_that_is_not_utf8(folder: Path) -> None:
    os.rename(os.fsencode(folder / "good.safetensors"), os.fsencode(folder) + b"/caf\xe9.safetensors")
    _, out, _ = scan(str(folder), "-f", "json")
    assert json.loads(out)["artifacts"][0]["places"][0]["path"].endswith("caf\\xe9.safetensors")


def test_an_unknown_policy_is_an_error_with_a_hint(folder: Path) -> None:
    code, out, err = scan(str(folder), "--policy", "no-such-policy")
    assert (code, out) == (2, "")
    assert err.startswith("error[E-policy-")
    assert "hint: " in err
