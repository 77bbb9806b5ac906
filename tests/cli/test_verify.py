import json
from pathlib import Path

import pytest
from tests.cli_runs import wb
from tests.samples.safetensors_file import small
from tests.samples.signed_model import model


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    folder = model(tmp_path)
    wb("sign", "--new-key", str(tmp_path / "key"))
    wb("sign", str(folder), "--key", str(tmp_path / "key"))
    return folder


def test_what_changed_is_said(signed: Path) -> None:
    (signed / "a.txt").write_text("Text")
    (signed / "\x1b[31m").write_text("x")
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert code == 21
    assert out == (
        "✗ not verified\n  \\x1b[31m: is there and was not signed\n  a.txt: its content is not what was signed\n"
    )
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub", "--format", "json")
    assert [one["kind"] for one in json.loads(out)["problems"]] == ["extra", "changed"]


def test_a_broken_or_keyless_signature(signed: Path) -> None:
    signature = signed / "model.sig"
    document = json.loads(signature.read_text())
    document["verificationMaterial"] = {"certificate": {"rawBytes": "AA=="}, "tlogEntries": [{}]}
    signature.write_text(json.dumps(document))
    code, out, _ = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert (code, out.splitlines()[0]) == (4, "✗ cannot be verified here")
    signature.write_text("{}")
    assert wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")[0] == 21
    signature.unlink()
    code, _, err = wb("verify", str(signed), "--key", f"{signed.parent}/key.pub")
    assert code == 2
    assert "E-signature-missing" in err


def test_against_a_bill_of_materials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "a.safetensors").write_bytes(small())
    assert wb("bom", str(folder), "-o", str(tmp_path / "bom.json"))[0] in (0, 4)
    check = ("verify", str(folder), "--bom", str(tmp_path / "bom.json"))
    assert wb(*check)[0] == 0
    (folder / "b.safetensors").write_bytes(small())
    (folder / "a.safetensors").write_bytes(small() + b"x")
    code, out, _ = wb(*check)
    assert code == 21
    assert "a.safetensors" in out
    assert "b.safetensors" in out


@pytest.mark.parametrize("options", [[], ["--key", "a", "--bom", "b"], ["--key", "k", "--at", "yesterday"]])
def test_what_does_not_fit(signed: Path, options: list[str]) -> None:
    code, _, err = wb("verify", str(signed), *options)
    assert code == 2
    assert "hint" in err
