"""What files are, and which quantizations a release has."""

import pytest

from weighbridge.hub.model_files import CODE, DATASET, DOC, SETTINGS, WEIGHT, quantization, role, variants
from weighbridge.hub.release_files import ReleaseFile


def files(*paths: str) -> list[ReleaseFile]:
    """Return files of that many bytes as their paths are long."""
    return [ReleaseFile(path=path, sha256=f"{number:064x}", size=len(path)) for number, path in enumerate(paths)]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("model-00001-of-00002.safetensors", WEIGHT),
        ("tiny.GGUF", WEIGHT),
        ("onnx/model.onnx_data", WEIGHT),
        ("config.json", SETTINGS),
        ("tokenizer.model", SETTINGS),
        ("vocab.txt", SETTINGS),
        ("LICENSE", DOC),
        ("LICENSE.txt", DOC),
        ("README.md", DOC),
        ("modeling_tiny.py", CODE),
        ("data/train.parquet", DATASET),
        ("template", SETTINGS),
    ],
)
def test_what_a_file_is(path, said):
    assert role(path) == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Llama-3.2-3B-Instruct-Q4_K_M.gguf", "Q4_K_M"),
        ("llama.q8_0.gguf", "Q8_0"),
        ("tiny-IQ3_XXS.gguf", "IQ3_XXS"),
        ("Qwen3-UD-Q4_K_XL-00001-of-00002.gguf", "UD-Q4_K_XL"),
        ("gpt-oss-mxfp4.gguf", "MXFP4"),
        ("model-BF16.gguf", "BF16"),
        ("Q4_K_M/model.gguf", ""),
        ("q4-of-everything.gguf", ""),
        ("model.gguf", ""),
    ],
)
def test_the_precision_that_a_name_says(path, said):
    assert quantization(path) == said


def test_the_usual_precision_is_first():
    found = variants(files("m-Q8_0.gguf", "m-Q2_K.gguf", "m-Q4_K_M.gguf", "mmproj-F16.gguf", "adapter.gguf", "m.txt"))
    assert [one.tags[0] for one in found] == ["Q4_K_M", "Q8_0", "Q2_K"]
    assert found[0].tags == ("Q4_K_M", "m-Q4_K_M", "m-Q4_K_M.gguf")


def test_no_two_have_a_tag_and_none_is_latest():
    found = variants(files("a-Q4_0.gguf", "b-Q4_0.gguf", "latest.gguf", "x/latest.gguf"))
    tags = [tag.lower() for one in found for tag in one.tags]
    assert len(tags) == len(set(tags))
    assert "latest" not in tags
    assert [one.tags[0] for one in found][:2] == ["Q4_0", "b-Q4_0"]


def test_parts_of_one_model_are_one():
    (found,) = variants(files("m-Q8_0-00002-of-00002.gguf", "m-Q8_0-00001-of-00002.gguf"))
    assert [one.path for one in found.weights] == ["m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf"]
    assert found.tags == ("Q8_0", "m-Q8_0")


def test_tags_are_such_as_clients_take():
    (found,) = variants(files("Modèle à 7 B.gguf"))
    for tag in found.tags:
        assert tag.isascii()
        assert len(tag) <= 80
        assert tag[0].isalnum()
