"""The model card of a component: only what headers and declarations hold, nothing made up.

Source: CycloneDX 1.7, object `modelCard`.
"""

import json
from typing import Any

from weighbridge.bom.component import Component

_MOST = 50
_PROPERTIES = (
    "parameters",
    "quantization",
    "bits_per_value",
    "context_length",
    "embedding_length",
    "block_count",
    "vocabulary",
    "chat_template.sha256",
    "tokenizer.sha256",
    "system_prompt.sha256",
    "tensor_table.sha256",
    "framework",
    "languages",
    "adapter.type",
    "adapter.rank",
)


def model_card(item: Component) -> dict[str, Any]:
    """Return the `modelCard` of a component; empty if nothing is known."""
    architecture = item.value("architecture")
    family = item.value("model_type", "family") or (architecture if architecture.islower() else "")
    parameters = {
        "task": item.value("task", "adapter.task"),
        "architectureFamily": family,
        "modelArchitecture": architecture,
        "datasets": [{"type": "dataset", "name": name} for name in listed(item, "dataset")],
        "inputs": [{"format": name} for name in listed(item, "inputs")],
        "outputs": [{"format": name} for name in listed(item, "outputs")],
    }
    found = {
        "modelParameters": {key: value for key, value in parameters.items() if value},
        "properties": [
            {"name": f"weighbridge:{name}", "value": value} for name in _PROPERTIES if (value := item.value(name))
        ],
    }
    return {key: value for key, value in found.items() if value}


def listed(item: Component, name: str) -> list[str]:
    """Return the values of an attribute, lists taken apart, each once."""
    found: dict[str, None] = {}
    for value in item.values(name):
        many = None
        if value.startswith("["):
            try:
                many = json.loads(value)
            except (ValueError, RecursionError):
                many = None
        for one in many if isinstance(many, list) else [value]:
            if isinstance(one, str) and one:
                found[one] = None
    return list(found)[:_MOST]
