"""XGBoost models: JSON, UBJSON and the binary form of versions before 2.

Source: XGBoost "Introduction to Model IO" and `doc/model.schema`; `src/learner.cc` (`LearnerModelParamLegacy`, 136
bytes, optional prefix `binf`). Small JSON is read whole; of a large one, beginning and end.
"""

import re
import struct

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.json_text import parse, starts_object
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.ubjson import Walker
from weighbridge.formats.xgboost_start import LEGACY_BYTES, could_be, is_legacy
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage
from weighbridge.model.source import ByteSource, LimitReached

_WHOLE = 16 << 20
_HEAD = 256 << 10
_UBJSON = b"{L\0\0\0\0\0\0\0"
_BINARY = b"binf"
_BASE64 = b"bs64\t"
_TREES = re.compile(rb'"num_trees"\s{0,8}:\s{0,8}"?(\d{1,12})')
_FEATURES = re.compile(rb'"num_feature"\s{0,8}:\s{0,8}"?(\d{1,12})')
_OBJECTIVE = re.compile(rb'"objective"\s{0,8}:\s{0,8}\{\s{0,8}"name"\s{0,8}:\s{0,8}"([^"]{1,80})"')
_VERSION = re.compile(rb'"version"\s{0,8}:\s{0,8}\[\s{0,8}(\d{1,4})\s{0,8},\s{0,8}(\d{1,4})')


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a learner stands here in one of the three encodings."""
    if head.startswith(_UBJSON):
        return b"learner" in head[:64] or b"version" in head[:64]
    if head.startswith(_BINARY):
        return is_legacy(head, 4)
    return head.startswith(_BASE64) or could_be(head)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, _HEAD)
    gathering.fact("architecture", "gradient boosted trees", "format")
    if head.startswith(_UBJSON):
        _ubjson(source, gathering)
    elif starts_object(head):
        if source.size <= _WHOLE:
            _json(source.read(0, source.size), gathering)
        else:
            _large_json(head, source, gathering)
    else:
        _binary(head, gathering)


def _ubjson(source: ByteSource, gathering: Gathering) -> None:
    walker = Walker(source)
    _learner(walker.value(), gathering)
    if walker.position != source.size:
        gathering.damaged(Damage.INVALID, "something follows the model", walker.position)


def _json(text: bytes, gathering: Gathering) -> None:
    try:
        parsed = parse(text)
    except LimitReached:
        if not text.rstrip().endswith(b"}"):
            raise StructureError(Damage.TRUNCATED, "ends inside the model", len(text)) from None
        _states(text[:_HEAD] + text[-_HEAD:], gathering)
        gathering.skipped.append("the middle of a large JSON model: holds numbers only")
        return
    if parsed.error is not None:
        damage = Damage.INVALID if text.rstrip(b" \r\n\t\0").endswith(b"}") else Damage.TRUNCATED
        raise StructureError(damage, f"the model is not JSON: {parsed.error}")
    for name in parsed.duplicates:
        gathering.damaged(Damage.CONTRADICTION, f"the key {name!r} occurs twice in one object", key=name)
    _learner(parsed.value, gathering)


def _large_json(head: bytes, source: ByteSource, gathering: Gathering) -> None:
    tail = source.read(source.size - _HEAD, _HEAD)
    if not tail.rstrip(b" \r\n\t\0").endswith(b"}"):
        gathering.damaged(Damage.TRUNCATED, "ends inside the model", source.size)
    _states(head + tail, gathering)
    gathering.skipped.append("the middle of a large JSON model: holds numbers only")


def _states(text: bytes, gathering: Gathering) -> None:
    for name, pattern in (("trees", _TREES), ("features", _FEATURES)):
        match = pattern.search(text)
        if match:
            gathering.fact(name, int(match[1]), "learner")
    objective = _OBJECTIVE.search(text)
    if objective:
        gathering.fact("objective", objective[1].decode("utf-8", "backslashreplace"), "learner")
    version = _VERSION.search(text)
    if version:
        gathering.fact("producer.version", b".".join(version.groups()).decode(), "version")


def _learner(model: object, gathering: Gathering) -> None:
    """Write facts of a parsed model and compare what it says of itself."""
    learner = model.get("learner") if isinstance(model, dict) else None
    if not isinstance(model, dict) or not isinstance(learner, dict):
        raise StructureError(Damage.INVALID, "there is no learner in the model", 0)
    version = model.get("version")
    if isinstance(version, list):
        gathering.fact("producer.version", ".".join(str(part) for part in version[:3]), "version")
    gathering.fact("producer", "xgboost", "format")
    parameters = learner.get("learner_model_param")
    features = _count(parameters.get("num_feature")) if isinstance(parameters, dict) else None
    gathering.fact("features", features, "learner_model_param")
    objective = learner.get("objective")
    if isinstance(objective, dict):
        gathering.fact("objective", str(objective.get("name", ""))[:80], "objective")
    names = learner.get("feature_names")
    if isinstance(names, list) and names and features is not None and len(names) != features:
        gathering.damaged(Damage.CONTRADICTION, f"{len(names)} feature names for {features} features")
    booster = learner.get("gradient_booster")
    if not isinstance(booster, dict):
        raise StructureError(Damage.INVALID, "there is no booster in the model", 0)
    booster = booster.get("gbtree") if isinstance(booster.get("gbtree"), dict) else booster
    inner = booster.get("model") if isinstance(booster, dict) else None
    if isinstance(inner, dict):
        _trees(inner, features, gathering)


def _trees(model: dict[str, object], features: int | None, gathering: Gathering) -> None:
    trees = model.get("trees")
    parameters = model.get("gbtree_model_param")
    if not isinstance(trees, list):
        return
    gathering.fact("trees", len(trees), "gradient_booster", Grade.MEASURED)
    stated = _count(parameters.get("num_trees")) if isinstance(parameters, dict) else None
    if stated is not None and stated != len(trees):
        gathering.damaged(Damage.CONTRADICTION, f"{len(trees)} trees where {stated} are announced")
    for index, tree in enumerate(trees):
        if not isinstance(tree, dict):
            gathering.damaged(Damage.INVALID, "a tree is no object", key=f"tree {index}")
            return
        _tree(tree, features, index, gathering)


def _tree(tree: dict[str, object], features: int | None, index: int, gathering: Gathering) -> None:
    """Compare the arrays of one tree: predictors index them without looking."""
    parameters = tree.get("tree_param")
    nodes = _count(parameters.get("num_nodes")) if isinstance(parameters, dict) else None
    key = f"tree {index}"
    for name in ("left_children", "right_children", "split_indices", "split_conditions"):
        array = tree.get(name)
        length = len(array) if isinstance(array, list) else array if isinstance(array, int) else None
        if nodes is not None and length is not None and length != nodes:
            gathering.damaged(Damage.CONTRADICTION, f"{name} has {length} items for {nodes} nodes", key=key)
        if not isinstance(array, list):
            continue
        limit = nodes if name.endswith("children") else features if name == "split_indices" else None
        lowest = -1 if name.endswith("children") else 0
        if limit and any(not isinstance(item, int) or not lowest <= item < limit for item in array):
            gathering.damaged(Damage.CONTRADICTION, f"{name} leads to what is not there", key=key)


def _count(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else None


def _binary(head: bytes, gathering: Gathering) -> None:
    start = 4 if head.startswith(_BINARY) else 0
    if head.startswith(_BASE64):
        gathering.fact("encoding", "base64", "header")
        return
    try:
        _score, features, _classes = struct.unpack_from("<fIi", head, start)
    except struct.error:
        raise StructureError(Damage.TRUNCATED, "ends inside the parameters", 0) from None
    if not is_legacy(head, start):
        raise StructureError(Damage.INVALID, "no booster follows the parameters", start)
    length = int.from_bytes(head[start + LEGACY_BYTES : start + LEGACY_BYTES + 8], "little")
    at = start + LEGACY_BYTES + 8
    gathering.fact("features", features, "parameters")
    gathering.fact("objective", head[at : at + length].decode("ascii", "replace"), "parameters")
    gathering.skipped.append("trees in binary form: hold numbers only")


READER = Reader(
    id="xgboost",
    title="XGBoost",
    recognize=recognize,
    read=gathered("xgboost", _read),
    signatures=(Signature(magic=_UBJSON), Signature(magic=_BINARY), Signature(magic=_BASE64)),
    could_be=could_be,
    suffixes=(".ubj", ".xgb"),
)
