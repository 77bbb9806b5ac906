import json

import pytest

from weighbridge.formats.transformers_config import READER, could_be, quantization
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource
from weighbridge.model.weights import RemoteCode

CONFIG = {
    "_name_or_path": "org/base",
    "architectures": ["LlamaForCausalLM"],
    "max_position_embeddings": 4096,
    "model_type": "llama",
    "torch_dtype": "bfloat16",
    "vocab_size": 32000,
}


def read(config: object):
    return READER.read(BytesSource(json.dumps(config).encode(), b"config.json"), Budget())


def value(reading, name):
    return [fact.value for fact in reading.facts if fact.name == name]


def test_facts():
    reading = read(CONFIG)

    assert not reading.holds_model
    assert reading.observations == ()
    assert value(reading, "architecture") == ["LlamaForCausalLM"]
    assert value(reading, "context_length") == [4096]
    assert value(reading, "dtype") == ["bfloat16"]
    assert value(reading, "name_or_path") == ["org/base"]


@pytest.mark.parametrize(
    ("config", "scheme"),
    [
        ({"quantization_config": {"quant_method": "gptq", "bits": 4}}, "GPTQ 4-bit"),
        ({"quantization_config": {"quant_method": "awq", "bits": 4}}, "AWQ 4-bit"),
        ({"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}, "bitsandbytes 4-bit"),
        ({"quantization_config": {"quant_method": "fp8"}}, "FP8"),
        ({"quantization": {"group_size": 64, "bits": 4}}, "MLX 4-bit"),
        ({"bits": 4, "group_size": 128, "desc_act": False}, "GPTQ 4-bit"),
        ({"quantization_config": 7}, None),
        ({}, None),
    ],
)
def test_quantization(config, scheme):
    assert quantization(config) == scheme


def test_components_of_a_pipeline_that_are_code():
    reading = read(
        {
            "_class_name": ["my_pipeline", "P"],
            "_diffusers_version": "0.30",
            "unet": ["my_unet", "U"],
            "vae": ["diffusers", "AutoencoderKL"],
            "safety_checker": [None, None],
        }
    )

    assert {each.file for each in reading.observations if isinstance(each, RemoteCode)} == {
        "my_pipeline.py",
        "unet/my_unet.py",
    }
    assert set(value(reading, "code.file")) == {"my_pipeline.py", "unet/my_unet.py"}


@pytest.mark.parametrize("config", [[], "x", None, 1, {"a": 1}, {"architectures": 5, "auto_map": 7, "model_type": []}])
def test_odd_values_are_passed_over(config):
    assert read(config).observations == ()


def test_ordinary_json_is_not_recognized():
    assert could_be(b'{"model_type": "x"}')
    assert not could_be(b'{"name": "package", "version": "1"}')
    assert not could_be(b'["model_type"]')
