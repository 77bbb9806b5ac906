"""CatBoost models saved as JSON.

Source: CatBoost `catboost/libs/model/model_export/json_model_helpers.cpp` (keys `features_info`, `model_info`,
`oblivious_trees` or `trees`, `scale_and_bias`). Numbers only; what of the text is needed stands in its first part.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource

_HEAD = 256 << 10
_OWN = re.compile(rb'"(?:features_info|oblivious_trees)"\s{0,64}:\s{0,64}[{\[]')
_FEATURE_KINDS = re.compile(rb'"(?:float_features|categorical_features|text_features|embedding_features)"')
_VERSION = re.compile(rb'"catboost_version_info"\s{0,64}:\s{0,64}"([^"\\]{1,200})"')


def could_be(head: bytes) -> bool:
    """Tell whether a JSON object with the keys of CatBoost may begin here."""
    return starts_object(head) and _OWN.search(head) is not None


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the object also describes features or trees as CatBoost does."""
    if not could_be(head):
        return False
    text = source.read(0, _HEAD)
    return _FEATURE_KINDS.search(text) is not None or b'"leaf_values"' in text


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, _HEAD)
    tail = source.read(max(0, source.size - _HEAD), _HEAD)
    gathering.fact("architecture", "gradient boosted trees", "format")
    gathering.fact("producer", "catboost", "format")
    version = _VERSION.search(head) or _VERSION.search(tail)
    if version:
        gathering.fact("producer.version", version[1].decode("utf-8", "backslashreplace").split("\\n")[0], "model_info")
    if not tail.rstrip(b" \r\n\t\0").endswith(b"}"):
        gathering.damaged(Damage.TRUNCATED, "ends inside the model", source.size)
    gathering.skipped.append("trees of a JSON model: hold numbers only")


READER = Reader(
    id="catboost-json",
    title="CatBoost (JSON)",
    recognize=recognize,
    read=gathered("catboost-json", _read),
    could_be=could_be,
    begins=BEGINNINGS,
)
