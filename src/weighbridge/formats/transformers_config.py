"""Configuration of Transformers, Diffusers and what follows their form.

Files: `config.json`, `generation_config.json`, `preprocessor_config.json`, `processor_config.json`,
`model_index.json`, `quantize_config.json` and their like.
Holds no weights; its facts belong to the weights beside it, and the code that it names is what `trust_remote_code`
would run.
Sources: transformers `configuration_utils.py`, `dynamic_module_utils.py`; diffusers `pipelines/pipeline_utils.py`
(`model_index.json`: a component's library may be a folder with code); AutoGPTQ `quantize_config.json`; MLX
`quantization`.
"""

from typing import Any

from weighbridge.formats.configuration import load, note_code, objects, take_templates
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import ByteSource
from weighbridge.model.weights import RemoteCode

TELLING = (
    b'"auto_map"',
    b'"model_type"',
    b'"architectures"',
    b'"transformers_version"',
    b'"_class_name"',
    b'"quant',
    b'"processor_class"',
    b'"custom_',
)
CONTEXT_KEYS = ("max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length", "seq_length", "n_ctx")
LIBRARIES = frozenset(
    {"diffusers", "transformers", "onnxruntime", "optimum", "flax", "stable_diffusion", "peft", "sentence_transformers"}
)
"""Libraries that `model_index.json` may name without bringing code of its own."""


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object with one of the telling keys."""
    return starts_object(head) and any(key in head for key in TELLING)


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object with one of the telling keys."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    value = load(source, gathering)
    if not isinstance(value, dict):
        return
    _facts(value, gathering)
    note_code(value, gathering, "diffusers" if "_diffusers_version" in value else "transformers")
    if "_diffusers_version" in value:
        _components(value, gathering)
    activation = value.get("activation_function")
    if isinstance(activation, str) and "." in activation:
        # A Dense module of sentence-transformers imports what this names and calls it.
        module, _, name = activation.rpartition(".")
        gathering.observe(
            ClassReference(
                framework="sentence-transformers", module=module[:300], name=name[:200], key="activation_function"
            )
        )
    take_templates(value, gathering)


def _facts(config: dict[str, Any], gathering: Gathering) -> None:
    architectures = config.get("architectures")
    if isinstance(architectures, list) and architectures and isinstance(architectures[0], str):
        gathering.fact("architecture", architectures[0], "key architectures")
    elif isinstance(config.get("_class_name"), str):
        gathering.fact("architecture", config["_class_name"], "key _class_name")
    for name, key in (
        ("model_type", "model_type"),
        ("name_or_path", "_name_or_path"),
        ("dtype", "torch_dtype"),
        ("dtype", "dtype"),
        ("framework_version", "transformers_version"),
        ("framework_version", "_diffusers_version"),
        ("license", "license"),
    ):
        if isinstance(config.get(key), str):
            gathering.fact(name, config[key], f"key {key}")
    for path, item in objects(config):
        if path not in ("", "text_config", "llm_config", "language_config"):
            continue
        for key in CONTEXT_KEYS:
            if type(item.get(key)) is int:
                gathering.fact("context_length", item[key], f"key {path + '.' if path else ''}{key}")
                break
        for name in ("vocab_size", "hidden_size", "num_hidden_layers"):
            if type(item.get(name)) is int:
                gathering.fact(name, item[name], f"key {path + '.' if path else ''}{name}")
    scheme = quantization(config)
    if scheme:
        gathering.fact("quantization", scheme, "key quantization_config")


def quantization(config: dict[str, Any]) -> str | None:
    """Return the scheme that a configuration declares (`GPTQ 4-bit`), in the words of the tensor census."""
    block = config.get("quantization_config", config.get("quantization"))
    if not isinstance(block, dict):
        if type(config.get("bits")) is int and "group_size" in config:
            return f"{'GPTQ' if 'desc_act' in config else 'AWQ'} {config['bits']}-bit"
        return None
    bits = block.get("bits", block.get("w_bit"))
    method = block.get("quant_method")
    if not isinstance(method, str):
        method = "MLX" if "group_size" in block and type(bits) is int else None
    if method is None:
        return None
    names = {"gptq": "GPTQ", "awq": "AWQ", "fp8": "FP8", "mxfp4": "MXFP4", "exl2": "EXL2", "exl3": "EXL3", "hqq": "HQQ"}
    shown = names.get(method.lower(), method[:40])
    if block.get("load_in_4bit") is True:
        bits = 4
    elif block.get("load_in_8bit") is True:
        bits = 8
    return f"{shown} {bits}-bit" if type(bits) in (int, float) else shown


def _components(config: dict[str, Any], gathering: Gathering) -> None:
    """Observe components of a Diffusers pipeline whose library is a file in the repository."""
    for key, value in config.items():
        if key == "_class_name" and isinstance(value, list) and value and isinstance(value[0], str):
            file, name = value[0] + ".py", str(value[-1])
        elif isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str):
            if value[0].partition(".")[0] in LIBRARIES or key.startswith("_"):
                continue
            file, name = f"{key}/{value[0]}.py", value[1]
        else:
            continue
        gathering.observe(RemoteCode(framework="diffusers", file=file[:300], name=name[:200], key=key[:200]))
        gathering.fact("code.file", file[:300], f"key {key[:80]}")


READER = Reader(
    id="transformers-config",
    title="Transformers configuration",
    recognize=recognize,
    read=gathered("transformers-config", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
    names=(
        "config.json",
        "generation_config.json",
        "image_processor_config.json",
        "model_index.json",
        "preprocessor_config.json",
        "processor_config.json",
        "quantize_config.json",
        "video_preprocessor_config.json",
    ),
)
