"""CatBoost models: `CBM1`, a length, a flatbuffer, then optional parts.

Source: `catboost/libs/model/model.cpp` and `flatbuffers/model.fbs` of CatBoost (TModelCore, TKeyValue).
"""

from weighbridge.formats.flatbuffer import FlatBuffer
from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, SliceSource

MAGIC = b"CBM1"
_VERSION, _TREES, _INFO, _PARTS = range(4)
_FACTS = {"catboost_version_info": "producer.version", "train_finish_time": "created", "model_guid": "uuid"}


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the magic and a length stand here."""
    return head.startswith(MAGIC) and len(head) >= 8


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, 8)
    if len(head) < 8:
        raise StructureError(Damage.TRUNCATED, "ends inside the header", 0)
    size = int.from_bytes(head[4:8], "little")
    if size > source.size - 8:
        raise StructureError(Damage.TRUNCATED, "the model is longer than the file", 4)
    core = FlatBuffer(SliceSource(source, 8, size), budget).root()
    gathering.fact("producer", "catboost", "format")
    gathering.fact("architecture", "gradient boosted trees", "format")
    gathering.fact("format_version", core.text(_VERSION, 100), "TModelCore.FormatVersion")
    if core.table(_TREES) is None:
        gathering.damaged(Damage.INVALID, "there are no trees in the model", core.position)
    for pair in core.tables(_INFO):
        key = pair.text(0, 100)
        if key in _FACTS:
            gathering.fact(_FACTS[key], pair.text(1, 400), f"InfoMap {key}")
    gathering.skipped.append("trees: hold numbers only")


READER = Reader(
    id="catboost",
    title="CatBoost",
    recognize=recognize,
    read=gathered("catboost", _read),
    signatures=(Signature(magic=MAGIC),),
    suffixes=(".cbm",),
)
