import json
import os
from pathlib import Path

import pytest
from tests.bom.validation import cyclonedx_errors, spdx_errors
from tests.cli_runs import wb
from tests.samples.safetensors_file import small

METADATA = b"Name: click\nVersion: 8.1.0\nLicense-Expression: BSD-3-Clause\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    models = tmp_path / "models"
    packages = models / "venv/lib/python3.11/site-packages/click-8.1.0.dist-info"
    packages.mkdir(parents=True)
    (packages / "METADATA").write_bytes(METADATA)
    (packages / "RECORD").write_bytes(b"click/__init__.py,sha256=x,1\n")
    (models / "tiny.safetensors").write_bytes(small())
    return models


def _bom(folder: Path, *options: str) -> dict:
    code, out, _ = wb("bom", str(folder), *options)
    assert code == 0
    return json.loads(out)


def test_cyclonedx_with_digests_and_libraries(folder: Path) -> None:
    code, out, _ = wb("bom", str(folder))
    document = json.loads(out)
    assert code == 0
    assert cyclonedx_errors(out) is None
    library, model = document["components"]
    assert [item["alg"] for item in model["hashes"]] == ["SHA-256", "BLAKE3"]
    assert library["purl"] == "pkg:pypi/click@8.1.0"
    assert library["licenses"][0]["license"]["id"] == "BSD-3-Clause"
    assert document["metadata"]["component"]["name"] == "models"
    assert str(folder.parent) not in out


def test_spdx(folder: Path) -> None:
    assert spdx_errors(_bom(folder, "-f", "spdx")) == []


def test_two_runs_give_the_same_bytes(folder: Path) -> None:
    assert wb("bom", str(folder))[1] == wb("bom", str(folder), "--no-cache")[1]


def test_blake3_comes_also_where_a_scan_had_already_hashed(folder: Path) -> None:
    wb("scan", str(folder))
    assert len(_bom(folder)["components"][1]["hashes"]) == 2


def test_the_time_comes_from_the_option_or_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "timestamp" not in _bom(folder)["metadata"]
    assert _bom(folder, "--timestamp", "2026-11-21T04:35:00Z")["metadata"]["timestamp"] == "2026-11-21T04:35:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert _bom(folder)["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    assert json.loads(wb("scan", str(folder), "-f", "cyclonedx")[1])["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    code, _, err = wb("bom", str(folder))
    assert code == 2
    assert "E-bom-time" in err


def test_whole_paths_only_if_asked_for(folder: Path) -> None:
    found = _bom(folder, "--absolute-paths")["components"][1]["evidence"]["occurrences"]
    assert found == [{"location": str(folder / "tiny.safetensors")}]


def test_an_output_file_and_one_line_about_it(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "bom.json"
    code, out, err = wb("bom", str(folder), "-o", str(target))
    assert (code, out) == (0, "")
    assert "bill of materials of 1 model, 1 library written to" in err
    assert json.loads(target.read_text())


def test_exit_codes(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert wb("bom", str(empty))[0] == 3
    assert wb("bom", str(tmp_path / "nowhere"))[0] == 2
    (folder / "venv/lib/python3.11/site-packages/bad.dist-info").mkdir()
    code, out, _ = wb("bom", str(folder))
    assert code == 4
    assert json.loads(out)["compositions"][0]["aggregate"] == "incomplete"


def test_difference_of_two_documents(folder: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    wb("bom", str(folder), "-o", str(old))
    assert wb("bom", "--diff", str(old), str(old))[:2] == (0, "✓ no difference (2 components)\n")
    (folder / "tiny.safetensors").write_bytes(small(data=bytes([1] * 48)))
    (folder / "second.safetensors").write_bytes(small(data=bytes([2] * 48)))
    wb("bom", str(folder), "-f", "spdx", "-o", str(new))
    code, out, _ = wb("bom", "--diff", str(old), str(new))
    assert code == 20
    assert "added 1\n  + second.safetensors" in out
    assert "changed 1\n  ~ tiny.safetensors" in out
    assert "unchanged 1" in out
    document = json.loads(wb("bom", "--diff", str(old), str(new), "-f", "json")[1])
    assert [item["name"] for item in document["added"]] == ["second.safetensors"]
    assert document["changed"][0]["changes"][0]["what"] == "digest"


def test_score_of_a_path_and_of_a_document(folder: Path, tmp_path: Path) -> None:
    code, out, _ = wb("bom", "--score", str(folder))
    assert code == 0
    assert "of 50 elements" in out
    assert "Verification (ours)" in out
    document = tmp_path / "bill"
    wb("bom", str(folder), "-o", str(document))
    scores = [json.loads(wb("bom", "--score", str(path), "-f", "json")[1]) for path in (folder, document)]
    assert scores[0] == scores[1]
    assert scores[0]["coverage"]["elements"] == 50


def test_a_single_model_is_scored_by_scanning_it(folder: Path) -> None:
    code, out, _ = wb("bom", "--score", str(folder / "tiny.safetensors"))
    assert code == 0
    assert out.startswith("tiny.safetensors: 1 model\n")


def test_another_tools_document_is_scored_as_declared(tmp_path: Path) -> None:
    document = tmp_path / "x.json"
    component = {"type": "machine-learning-model", "name": "m", "hashes": [{"alg": "SHA-256", "content": "a" * 64}]}
    document.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]}))
    _, out, _ = wb("bom", "--score", str(document))
    assert "Another tool wrote this document" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("--diff", "a", "b", "-f", "spdx"),
        ("--diff", "a", "b", "--score"),
        ("-f", "table"),
        ("--score", "-f", "cyclonedx"),
        ("--timestamp", "now"),
    ],
)
def test_options_that_do_not_fit(arguments: tuple[str, ...]) -> None:
    assert wb("bom", *arguments)[0] == 2


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 5000, b"\xff"])
def test_a_file_that_is_no_document(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    code, _, err = wb("bom", "--diff", str(path), str(path))
    assert code == 2
    assert "E-bom-unreadable" in err


@pytest.mark.skipif(os.name == "nt", reason="no such permissions")
def test_a_folder_in_place_of_a_document(tmp_path: Path) -> None:
    code, _, err = wb("bom", "--diff", str(tmp_path), str(tmp_path))
    assert code == 2
    assert f"{tmp_path} is a folder" in err


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    model = tmp_path / "model"
    model.mkdir()
    (model / "m.safetensors").write_bytes(small(__metadata__={"format": "pt", "license": "mit"}))
    wb("sign", "--new-key", str(tmp_path / "key"))
    assert wb("sign", str(model), "--key", str(tmp_path / "key"))[0] == 0
    return model


@pytest.mark.parametrize("format_name", ["cyclonedx", "spdx"])
def test_what_a_signature_covers_is_signed(signed: Path, format_name: str) -> None:
    key = str(signed.parent / "key.pub")
    code, out, _ = wb("bom", str(signed), "--key", key, "--signature", str(signed / "model.sig"), "-f", format_name)
    assert code == 0
    assert "signed; OpenSSF Model Signing, model.sig" in out
    assert "declared; header key" not in out
    assert "declared; header key" in wb("bom", str(signed), "-f", format_name)[1]
    if format_name == "cyclonedx":
        assert cyclonedx_errors(out) is None
    else:
        assert spdx_errors(json.loads(out)) == []


def test_a_signature_that_does_not_hold_writes_nothing(signed: Path, tmp_path: Path) -> None:
    key = str(tmp_path / "key.pub")
    (signed / "m.safetensors").write_bytes(small())
    code, out, err = wb("bom", str(signed), "--key", key, "-o", str(tmp_path / "bom.json"))
    assert (code, out) == (2, "")
    assert "error[E-signature-fails]" in err
    assert "m.safetensors: its content is not what was signed" in err
    assert "hint" in err
    assert not (tmp_path / "bom.json").exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--signature", "s"],
        ["--crl", "c", "--key", "k"],
        ["--key", "k", "--certificate-roots", "r"],
        ["x", "--key", "k"],
        ["--at", "2026-01-01"],
    ],
)
def test_options_about_signatures_that_do_not_fit(signed: Path, options: list[str]) -> None:
    code, _, err = wb("bom", str(signed), *options)
    assert code == 2
    assert "error[E-usage]" in err
