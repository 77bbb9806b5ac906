"""Facts that the keys of a GGUF header declare, under the names that all formats share.

Source: ggml `docs/gguf.md`, "Standardized key-value pairs".
"""

import hashlib
from collections.abc import Iterable

from weighbridge.formats.gguf_header import Header, Value
from weighbridge.formats.gguf_types import FILE_TYPES
from weighbridge.model.fact import Fact, FactValue, Grade

LONGEST_VALUE = 2000
SIMPLE: dict[str, str] = {
    "general.architecture": "architecture",
    "general.author": "author",
    "general.basename": "base_name",
    "general.description": "description",
    "general.doi": "doi",
    "general.finetune": "training.finetune",
    "general.languages": "languages",
    "general.license": "license",
    "general.license.link": "license.link",
    "general.license.name": "license.name",
    "general.name": "name",
    "general.organization": "organization",
    "general.quantized_by": "quantized_by",
    "general.size_label": "size_label",
    "general.source.doi": "doi",
    "general.source.huggingface.repository": "source_repository",
    "general.source.repo_url": "source_url",
    "general.source.url": "source_url",
    "general.repo_url": "source_url",
    "general.url": "source_url",
    "general.tags": "tags",
    "general.type": "type",
    "general.uuid": "uuid",
    "general.version": "version",
    "general.datasets": "dataset",
    "adapter.type": "adapter.type",
    "adapter.lora.alpha": "adapter.alpha",
    "quantize.imatrix.dataset": "training.imatrix_dataset",
    "quantize.imatrix.file": "training.imatrix_file",
    "split.count": "shard.count",
    "split.tensors.count": "shard.tensors",
    "tokenizer.ggml.model": "tokenizer",
    "tokenizer.ggml.pre": "tokenizer.pre",
}
FINE_TUNING_PREFIXES = ("training.", "optimizer.", "general.finetune.")


def header_facts(header: Header) -> list[Fact]:
    """Return what the keys of `header` declare, and the digests of tokenizer and templates (measured)."""
    facts: list[Fact] = []
    for key, value in header.values.items():
        if key in SIMPLE:
            facts.append(_declared(SIMPLE[key], value, key))
        elif key.startswith(FINE_TUNING_PREFIXES):
            facts.append(_declared(key if key.startswith("training.") else f"training.{key}", value, key))
    facts += _related(header, "general.base_model.", "base_model")
    facts += _related(header, "general.dataset.", "dataset")
    architecture = header.text("general.architecture") or ""
    for name in ("context_length", "block_count", "embedding_length", "vocab_size", "expert_count"):
        length = header.integer(f"{architecture}.{name}")
        if length is not None:
            facts.append(_declared(name, length, f"{architecture}.{name}"))
    number = header.integer("split.no")
    if number is not None:
        facts.append(_declared("shard.number", number + 1, "split.no"))
    file_type = header.integer("general.file_type")
    if file_type is not None:
        facts.append(
            _declared("quantization", FILE_TYPES.get(file_type, f"file type {file_type}"), "general.file_type")
        )
    tokens = header.lengths.get("tokenizer.ggml.tokens")
    if tokens is not None:
        facts.append(_measured("vocabulary", tokens, "tokenizer.ggml.tokens"))
    if header.digests:
        lines = "".join(f"{key}={header.digests[key]}\n" for key in sorted(header.digests))
        digest = hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()
        facts.append(_measured("tokenizer.sha256", digest, "tokenizer.ggml.*"))
    facts.extend(
        _measured("chat_template.sha256", hashlib.sha256(text).hexdigest(), key) for key, _, text in header.templates
    )
    return facts


def _related(header: Header, prefix: str, name: str) -> Iterable[Fact]:
    """Yield one fact for each numbered model or dataset: `org/name` from its address or its parts."""
    by_number: dict[str, dict[str, str]] = {}
    for key, value in header.values.items():
        number, _, part = key.removeprefix(prefix).partition(".")
        if key.startswith(prefix) and number.isdecimal() and isinstance(value, str):
            by_number.setdefault(number, {})[part] = value
    for number, parts in sorted(by_number.items()):
        address = parts.get("repo_url") or parts.get("url") or ""
        title = parts.get("name", "")
        organization = parts.get("organization") or parts.get("author") or ""
        path = repository_of(address)
        value = path or "/".join(part for part in (organization, title) if part)
        if value:
            yield _declared(name, value, f"{prefix}{number}")


def repository_of(address: str) -> str | None:
    """Return the last two path components of a web address (`org/name`); None if it has fewer."""
    scheme, found, rest = address.partition("://")
    if not found or not scheme:
        return None
    components = [part for part in rest.partition("?")[0].split("/")[1:] if part]
    return "/".join(components[-2:]) if len(components) >= 2 else None


def _declared(name: str, value: Value, key: str) -> Fact:
    return Fact(name=name, value=_short(value), grade=Grade.DECLARED, source=f"header key {key}")


def _measured(name: str, value: FactValue, key: str) -> Fact:
    return Fact(name=name, value=value, grade=Grade.MEASURED, source=f"header key {key}")


def _short(value: Value) -> FactValue:
    return value[:LONGEST_VALUE] if isinstance(value, str | tuple) else value
