"""Configuration of a PEFT adapter: `adapter_config.json`.

Source: peft `config.py`, `mapping.py` (`auto_mapping.parent_library` is imported by name).
"""

from weighbridge.formats.configuration import load, note_code
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference
from weighbridge.model.source import ByteSource

TELLING = (b'"peft_type"', b'"base_model_name_or_path"', b'"lora_alpha"', b'"auto_mapping"')


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
    gathering.fact("type", "adapter", "adapter configuration")
    for name, key in (
        ("base_model", "base_model_name_or_path"),
        ("base_model.version", "revision"),
        ("adapter.type", "peft_type"),
        ("adapter.task", "task_type"),
    ):
        if isinstance(value.get(key), str):
            gathering.fact(name, value[key], f"key {key}")
    for name, key in (("adapter.rank", "r"), ("adapter.alpha", "lora_alpha")):
        if type(value.get(key)) in (int, float):
            gathering.fact(name, value[key], f"key {key}")
    mapping = value.get("auto_mapping")
    if isinstance(mapping, dict) and isinstance(mapping.get("parent_library"), str):
        gathering.observe(
            ClassReference(
                framework="peft",
                module=mapping["parent_library"][:300],
                name=str(mapping.get("base_model_class", ""))[:200],
                key="auto_mapping.parent_library",
            )
        )
    note_code(value, gathering, "peft")


READER = Reader(
    id="adapter-config",
    title="PEFT adapter configuration",
    recognize=recognize,
    read=gathered("adapter-config", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
    names=("adapter_config.json",),
)
