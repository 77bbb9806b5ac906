"""What an artifact is called, as far as that may tell a well-known model."""

from collections.abc import Iterable

from weighbridge.model.fact import Fact

NAMING = frozenset({"base_name", "name", "size_label", "source_repository", "source_url"})
"""Facts that name the artifact."""
_GENERIC = frozenset(
    (
        *("adapter_config", "adapter_model", "checkpoint", "config", "consolidated", "data", "diffusion_pytorch_model"),
        *("flax_model", "ggml-model", "model", "modules", "open_clip_pytorch_model", "pytorch_lora_weights"),
        *("pytorch_model", "saved_model", "tf_model", "tokenizer", "weights"),
    )
)
"""Names that libraries give every model's file, without their endings."""


def is_generic(file_name: str) -> bool:
    """Tell whether any model may be in a file of this name: `model.safetensors`, `model-00001-of-00003.safetensors`."""
    return file_name.partition(".")[0].partition("-0")[0].lower() in _GENERIC


def own_names(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Return the names that an artifact's own facts give it, the surest first."""
    by_name: dict[str, str] = {}
    for fact in facts:
        if fact.name in NAMING and isinstance(fact.value, str):
            by_name.setdefault(fact.name, fact.value)
    address = by_name.get("source_url", "").rstrip("/").split("?")[0].split("/")
    size = by_name.get("size_label", "")
    base = by_name.get("base_name", "")
    candidates = (
        by_name.get("source_repository", ""),
        "/".join(address[-2:]) if len(address) >= 5 else "",
        f"{base}-{size}" if base and size else "",
        by_name.get("name", ""),
    )
    return tuple(dict.fromkeys(name for name in candidates if name))
