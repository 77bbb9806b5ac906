import json

import pytest
from tests.cli_runs import wb
from tests.samples.lineage_models import as_gguf, as_safetensors, mixed, model, tuned


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    base = model(8)
    (tmp_path / "base.safetensors").write_bytes(as_safetensors(base))
    (tmp_path / "small.gguf").write_bytes(as_gguf(base, "Q4_0", permute=True))
    (tmp_path / "tuned.gguf").write_bytes(as_gguf(tuned(base, 0.05), "Q8_0", permute=True))
    (tmp_path / "other.gguf").write_bytes(as_gguf(model(9)))
    return tmp_path


def test_files_are_compared_with_one_another(folder):
    code, out, _ = wb("lineage", "base.safetensors", "small.gguf", "other.gguf")
    assert code == 0
    assert "= base.safetensors and small.gguf: quantized; small.gguf is derived from the other" in out
    assert "· base.safetensors and other.gguf: no likeness found" in out
    assert "does not mean independent" in out


def test_programs_get_the_numbers(folder):
    _, out, _ = wb("lineage", "base.safetensors", "tuned.gguf", "--format", "json")
    (pair,) = json.loads(out)["pairs"]
    assert (pair["answer"], pair["relation"], pair["later"]) == ("fine-tuned", "finetune", "second")
    assert 0.9 < pair["score"] < 1
    assert len(pair["matrices"]) == 22


def test_the_atlas_remembers_and_forgets(folder):
    assert wb("lineage", "add", "base.safetensors", "--name", "Org/Base", "--license", "cc-by-nc-4.0")[0] == 0
    assert "Org/Base  " in wb("lineage", "list")[1]
    assert "= small.gguf and Org/Base (atlas): quantized" in wb("lineage", "small.gguf")[1]
    assert wb("lineage", "forget", "Org/Base")[0] == 0
    assert "No model is known yet" in wb("lineage", "list")[1]
    code, _, err = wb("lineage", "forget", "Org/Base")
    assert code == 2
    assert "nothing is known as Org/Base" in err


def test_parts_in_a_folder_are_one_model(folder):
    weights = model(8)
    names = sorted(weights)
    (folder / "parts").mkdir()
    for number, chosen in enumerate((names[:20], names[20:])):
        part = as_safetensors({name: weights[name] for name in chosen})
        (folder / "parts" / f"model-{number}.safetensors").write_bytes(part)
    _, out, _ = wb("lineage", "parts", "base.safetensors")
    assert "= parts and base.safetensors: same weights" in out


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "neither GGUF"), (b"GGUF\x03\0\0\0", "ends inside"), (b"\xff" * 99, "neither")]
)
def test_what_holds_no_weights_is_said(folder, content, reason):
    (folder / "bad").write_bytes(content)
    code, _, err = wb("lineage", "bad", "base.safetensors")
    assert code == 2
    assert "bad cannot be compared" in err
    assert reason in err


def test_a_merge_is_told_with_shares(folder):
    weights = mixed((0.6, model(8)), (0.4, model(9)))
    (folder / "merge.safetensors").write_bytes(as_safetensors(weights))
    _, out, _ = wb("lineage", "merge.safetensors", "base.safetensors", "other.gguf")
    assert "= merge.safetensors: merged from\n    base.safetensors: share 0.60 of 2 parents" in out
    assert "    other.gguf: share 0.40 of 2 parents" in out
    assert out.count("merged from") == 1
    _, out, _ = wb("lineage", "merge.safetensors", "base.safetensors", "other.gguf", "--format", "json")
    (merge,) = json.loads(out)["merges"]
    assert (merge["file"], [parent["name"] for parent in merge["parents"]]) == (
        "merge.safetensors",
        ["base.safetensors", "other.gguf"],
    )
    assert merge["residual"] < 0.02


def test_usage(folder):
    assert wb("lineage")[0] == 2
    assert wb("lineage", "small.gguf")[0] == 2
    assert wb("lineage", "list", "more")[0] == 2
    assert wb("lineage", "small.gguf", "--name", "x")[0] == 2
    assert wb("lineage", "add", "small.gguf", "--license", "no-such-license")[0] == 2
    assert wb("lineage", "missing.gguf", "small.gguf")[0] == 2
