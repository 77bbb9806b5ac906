"""Facts of a safetensors header: what the metadata declares, and what tensor names and types show.

Sources: safetensors `README.md` (`__metadata__`); Stability-AI ModelSpec 1.0.0 (`modelspec.*`); kohya-ss sd-scripts
(`ss_*`); tensor names written by AutoGPTQ, AutoAWQ, ExLlamaV2 and V3, bitsandbytes, HQQ, compressed-tensors, MLX and
PEFT.
"""

import re

from weighbridge.formats.safetensors_header import Header
from weighbridge.formats.tensor_table import Tensor, census, facts, shares
from weighbridge.model.fact import Fact, Grade

LONGEST_VALUE = 2000
SIMPLE: dict[str, str] = {
    "architecture": "architecture",
    "author": "author",
    "base_model": "base_model",
    "format": "framework",
    "license": "license",
    "license_link": "license.link",
    "license_name": "license.name",
    "model_name": "name",
    "modelspec.architecture": "architecture",
    "modelspec.author": "author",
    "modelspec.date": "training.date",
    "modelspec.description": "description",
    "modelspec.hash_sha256": "tensor_data.sha256",
    "modelspec.implementation": "implementation",
    "modelspec.license": "license",
    "modelspec.merged_from": "base_model",
    "modelspec.resolution": "resolution",
    "modelspec.tags": "tags",
    "modelspec.title": "name",
    "modelspec.usage_hint": "usage_hint",
    "name": "name",
    "source": "source_url",
    "ss_base_model_version": "base_model.version",
    "ss_output_name": "name",
    "ss_sd_model_hash": "base_model.hash",
    "ss_sd_model_name": "base_model",
    "ss_new_sd_model_hash": "base_model.sha256",
    "ss_network_alpha": "adapter.alpha",
    "ss_network_dim": "adapter.rank",
    "ss_network_module": "adapter.module",
    "sshs_model_hash": "tensor_data.sha256",
    "url": "source_url",
    "version": "version",
}
TRAINER_KEYS = frozenset(
    {
        "ss_dataset_dirs",
        "ss_epoch",
        "ss_learning_rate",
        "ss_max_train_steps",
        "ss_num_epochs",
        "ss_num_train_images",
        "ss_optimizer",
        "ss_session_id",
        "ss_steps",
        "ss_tag_frequency",
        "ss_training_comment",
        "ss_training_finished_at",
        "ss_training_started_at",
    }
)
ADAPTER = re.compile(
    r"\blora_[AB]\b|\blora_(?:down|up)\b|\blora_embedding_[AB]\b|\bhada_w1_[ab]\b|\blokr_w1|\bdora_scale\b"
)
SHARD = re.compile(rb"-(\d{1,6})-of-(\d{1,6})\.")
QUANTIZED_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("bitsandbytes NF4", ("quant_state.bitsandbytes__nf4",)),
    ("bitsandbytes FP4", ("quant_state.bitsandbytes__fp4",)),
    ("bitsandbytes INT8", ("weight_format", "SCB")),
    ("EXL3", ("trellis",)),
    ("EXL2", ("q_weight", "q_scale")),
    ("GPTQ", ("qweight", "g_idx")),
    ("AWQ", ("qweight", "qzeros")),
    ("compressed-tensors", ("weight_packed", "weight_scale")),
    ("HQQ", ("W_q",)),
)
"""Scheme and the last name components that its writer gives, the most specific first."""
FLOATS_OF_EIGHT_BITS = ("F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ")


def header_facts(header: Header) -> list[Fact]:
    """Return what the metadata declares."""
    found: list[Fact] = []
    for key, value in header.metadata.items():
        if key in SIMPLE and value:
            found.append(_declared(SIMPLE[key], value, key))
        elif key in TRAINER_KEYS or key.startswith("training."):
            found.append(_declared(key if key.startswith("training.") else f"training.{key[3:]}", value, key))
    return found


def table_facts(tensors: list[Tensor]) -> list[Fact]:
    """Return what names, types and shapes of the tensors show (measured)."""
    found = list(facts(tensors, "tensor table"))
    if not tensors:
        return found
    counts = census(tensors)
    scheme = quantization(tensors) or next(iter(counts))
    source = f"tensor table: {shares(counts)}"
    found.append(Fact(name="quantization", value=scheme, grade=Grade.MEASURED, source=source))
    values = unpacked_values(tensors, scheme)
    if values is not None:
        found[0] = Fact(
            name="parameters", value=values, grade=Grade.MEASURED, source="tensor table, packed values counted singly"
        )
    adapters = [tensor for tensor in tensors if ADAPTER.search(tensor.name)]
    if adapters:
        found.append(
            Fact(name="type", value="adapter", grade=Grade.MEASURED, source=f"tensor {adapters[0].name[:200]}")
        )
        ranks = [min(tensor.shape[:2]) for tensor in adapters if len(tensor.shape) >= 2]
        if ranks:
            rank = max(set(ranks), key=ranks.count)
            found.append(Fact(name="adapter.rank", value=rank, grade=Grade.MEASURED, source="tensor table"))
    return found


def quantization(tensors: list[Tensor]) -> str | None:
    """Return the scheme that tensor names and types show; None if the types speak for themselves."""
    endings = {ending for tensor in tensors for ending in _endings(tensor.name)}
    for scheme, needed in QUANTIZED_BY_NAME:
        if all(ending in endings for ending in needed):
            return scheme
    names = {tensor.name: tensor for tensor in tensors}
    for tensor in tensors:
        stem = tensor.name.removesuffix(".weight")
        if tensor.dtype == "U32" and stem != tensor.name and stem + ".scales" in names:
            return "MLX"
        if tensor.dtype == "U8" and tensor.name.endswith("_blocks"):
            scales = names.get(tensor.name.removesuffix("_blocks") + "_scales")
            if scales is not None and scales.dtype in ("U8", "F8_E8M0"):
                return "MXFP4"
    counts = census(tensors)
    dominant = next(iter(counts))
    return dominant if dominant in FLOATS_OF_EIGHT_BITS else None


def unpacked_values(tensors: list[Tensor], scheme: str) -> int | None:
    """Return the number of weights where several are packed into one stored value; None if the scheme packs none."""
    names = {tensor.name: tensor for tensor in tensors}
    total = 0
    for tensor in tensors:
        stem, _, last = tensor.name.rpartition(".")
        if scheme in ("GPTQ", "AWQ") and last == "qweight":
            scales = names.get(stem + ".scales")
            index = names.get(stem + ".g_idx")
            columns = scales.shape[-1] if scales is not None and scales.shape else 0
            rows = index.elements if index is not None else tensor.shape[0] if tensor.shape else 0
            total += rows * columns
        elif scheme in ("GPTQ", "AWQ") and last in ("qzeros", "scales", "g_idx"):
            continue
        elif scheme.startswith("bitsandbytes") and scheme.endswith("4"):
            if tensor.dtype == "U8" and ".weight." not in tensor.name:
                total += 2 * tensor.elements
            elif ".weight." not in tensor.name:
                total += tensor.elements
        elif scheme == "MXFP4" and tensor.name.endswith("_blocks"):
            total += 2 * tensor.elements
        elif scheme == "MXFP4" and tensor.name.endswith("_scales") and tensor.dtype in ("U8", "F8_E8M0"):
            continue
        elif scheme in ("GPTQ", "AWQ", "MXFP4"):
            total += tensor.elements
        else:
            return None
    return total


def shard_facts(name: bytes) -> list[Fact]:
    """Return number and count of shards if the file name has them (`model-00001-of-00003.safetensors`)."""
    match = SHARD.search(name[-200:])
    if match is None:
        return []
    return [
        Fact(name="shard.number", value=int(match[1]), grade=Grade.DECLARED, source="file name"),
        Fact(name="shard.count", value=int(match[2]), grade=Grade.DECLARED, source="file name"),
    ]


def _endings(name: str) -> tuple[str, ...]:
    parts = name.rsplit(".", 2)
    return (parts[-1], ".".join(parts[-2:])) if len(parts) > 1 else (parts[-1],)


def _declared(name: str, value: str, key: str) -> Fact:
    return Fact(
        name=name, value=value[:LONGEST_VALUE], grade=Grade.DECLARED, source=f"header key __metadata__.{key[:80]}"
    )
