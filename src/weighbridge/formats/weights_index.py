"""The index of sharded weights: `model.safetensors.index.json`, `pytorch_model.bin.index.json`.

It names the files that a loader opens; a name that leaves the folder makes the loader read something else.
Source: transformers `modeling_utils.py` (`weight_map`).
"""

from weighbridge.formats.configuration import load, note_escape
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

MOST_FILES = 10_000


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object that maps weights or totals their size."""
    return starts_object(head) and (b'"weight_map"' in head or b'"total_size"' in head)


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object that maps weights or totals their size."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    value = load(source, gathering)
    if not isinstance(value, dict) or "weight_map" not in value:
        return
    table = value["weight_map"]
    if not isinstance(table, dict) or not all(isinstance(file, str) for file in table.values()):
        gathering.damaged(Damage.INVALID, "the weight map does not map names to files", key="weight_map")
        return
    files = sorted(set(table.values()))
    for file in files[:MOST_FILES]:
        note_escape(gathering, file, "weight_map")
    gathering.fact("shard.count", len(files), "key weight_map")
    total = value.get("metadata")
    if isinstance(total, dict) and type(total.get("total_size")) in (int, float):
        gathering.fact("tensor_bytes", total["total_size"], "key metadata.total_size")


READER = Reader(
    id="weights-index",
    title="Index of sharded weights",
    recognize=recognize,
    read=gathered("weights-index", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
    names=(
        "diffusion_pytorch_model.safetensors.index.json",
        "model.safetensors.index.json",
        "pytorch_model.bin.index.json",
    ),
)
