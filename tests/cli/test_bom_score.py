"""Verified completeness over real commands: proof counts more than words."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from tests.bom.validation import cyclonedx_errors
from tests.cli_runs import wb
from tests.samples.lineage_models import as_gguf, model, tuned

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen

WORDS = "The most carefully described model there is. " * 5
CARD = f"""---
license: apache-2.0
base_model: Org/Base
datasets: [org/data, org/more]
pipeline_tag: text-generation
language: [en, de]
library_name: transformers
---
# Wonder

{WORDS}
"""
CONFIGURATION = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "max_position_embeddings": 4096}


def worded() -> dict[str, Any]:
    """Return a document of another tool that fills the whole model card and proves nothing."""
    dataset = {
        "bom-ref": "data",
        "type": "data",
        "name": "org/data",
        "hashes": [{"alg": "SHA-256", "content": "b" * 64}],
        "data": [
            {
                "type": "dataset",
                "name": "org/data",
                "contents": {"url": "https://example.org/data"},
                "classification": "public",
                "sensitiveData": [WORDS],
                "description": WORDS,
                "governance": {"owners": [{"organization": {"name": "Org"}}]},
            }
        ],
    }
    card = {
        "bom-ref": "model",
        "type": "machine-learning-model",
        "group": "org",
        "name": "wonder",
        "version": "1.0",
        "description": WORDS,
        "publisher": "Org",
        "supplier": {"name": "Org"},
        "purl": "pkg:generic/wonder@1.0",
        "hashes": [{"alg": "SHA-256", "content": "a" * 64}],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "externalReferences": [
            {"type": "documentation", "url": "https://example.org/docs"},
            {"type": "model-card", "url": "https://example.org/card"},
        ],
        "pedigree": {"ancestors": [{"type": "machine-learning-model", "name": "Org/Base"}]},
        "modelCard": {
            "modelParameters": {
                "approach": {"type": "supervised"},
                "task": "text-generation",
                "architectureFamily": "transformer",
                "modelArchitecture": "llama",
                "datasets": [{"ref": "data"}],
                "inputs": [{"format": "text"}],
                "outputs": [{"format": "text"}],
            },
            "quantitativeAnalysis": {"performanceMetrics": [{"type": "accuracy", "value": "0.99"}]},
            "considerations": {
                "users": [WORDS],
                "useCases": [WORDS],
                "technicalLimitations": [WORDS],
                "ethicalConsiderations": [{"name": WORDS, "mitigationStrategy": WORDS}],
            },
        },
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "version": 1,
        "metadata": {
            "timestamp": "2026-11-21T00:00:00Z",
            "lifecycles": [{"phase": "operations"}],
            "tools": {"components": [{"type": "application", "name": "wordsmith", "version": "1"}]},
            "authors": [{"name": "Ada"}],
            "supplier": {"name": "Org"},
            "component": {"type": "application", "name": "system", "version": "1", "bom-ref": "system"},
        },
        "components": [card, dataset],
        "dependencies": [{"ref": "model", "dependsOn": ["data"]}],
    }


def verified(*arguments: str) -> float:
    code, out, err = wb("bom", "--score", *arguments, "--format", "json")
    assert code == 0, err
    return float(json.loads(out)["verified_completeness"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a document of words, a known base, a model with a card, and the same model signed."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    base = model(8)
    (tmp_path / "base.gguf").write_bytes(as_gguf(base))
    for name in ("carded", "signed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wonder.gguf").write_bytes(as_gguf(tuned(base, 0.05)))
    (tmp_path / "carded/README.md").write_text(CARD)
    (tmp_path / "carded/config.json").write_text(json.dumps(CONFIGURATION))
    (tmp_path / "worded.json").write_text(json.dumps(worded()))
    assert cyclonedx_errors(json.dumps(worded())) is None
    assert wb("sign", "--new-key", str(tmp_path / "key"))[0] == 0
    assert wb("sign", str(tmp_path / "signed"), "--key", str(tmp_path / "key"))[0] == 0
    return tmp_path


def test_a_fully_worded_card_scores_below_a_hashed_signed_and_compared_model(folder: Path) -> None:
    key = ("--key", str(folder / "key.pub"))
    carded = verified(str(folder / "carded"))
    assert wb("lineage", "add", str(folder / "base.gguf"), "--name", "Org/Base")[0] == 0
    words, checked = verified(str(folder / "worded.json")), verified(str(folder / "signed"), *key)
    assert words < 0.25
    assert words < carded < checked


def test_the_signature_and_the_comparison_each_raise_the_score(folder: Path) -> None:
    key = ("--key", str(folder / "key.pub"))
    hashed, signed = verified(str(folder / "signed")), verified(str(folder / "signed"), *key)
    assert wb("lineage", "add", str(folder / "base.gguf"), "--name", "Org/Base")[0] == 0
    compared, both = verified(str(folder / "signed")), verified(str(folder / "signed"), *key)
    assert hashed < min(signed, compared)
    assert max(signed, compared) < both


@pytest.mark.parametrize("format_name", ["cyclonedx", "spdx"])
def test_the_document_carries_the_score(folder: Path, format_name: str) -> None:
    signed, target = str(folder / "signed"), str(folder / "bom.json")
    key = ("--key", str(folder / "key.pub"))
    assert wb("bom", signed, *key, "--format", format_name, "--output", target)[0] == 0
    assert verified(target) == verified(signed, *key)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_the_table_fits_the_terminal(folder: Path, width: int) -> None:
    out = io.StringIO()
    run(["bom", "--score", str(folder / "worded.json")], Screen(out, io.StringIO(), {"COLUMNS": str(width)}))
    assert max(map(len, out.getvalue().splitlines())) <= min(width, 100)


def test_nothing_to_list_is_said(folder: Path) -> None:
    (folder / "empty").mkdir()
    code, out, err = wb("bom", str(folder / "empty"), "--output", str(folder / "none.json"))
    assert (code, out) == (3, "")
    assert "no model here" in err
    assert "bill of materials of nothing" in err
