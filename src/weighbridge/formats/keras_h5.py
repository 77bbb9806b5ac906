"""Keras in HDF5: whole models of Keras 1-3 (`.h5`) and weight files, and HDF5 files that hold no model.

Source: `keras/src/legacy/saving/legacy_h5_format.py` (attributes `model_config`, `training_config`, `layer_names`,
`weight_names`), `keras/src/saving/saving_lib.py` (groups `layers/<name>/vars`). CVE-2024-3660 and CVE-2025-9905: Lambda
layers in this format run whatever safe mode says. PyTables unpickles attributes (`tables/attributeset.py`).
"""

import json
from collections import Counter

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.hdf5_file import MAGIC, Hdf5File
from weighbridge.formats.hdf5_messages import Attribute, strings
from weighbridge.formats.hdf5_objects import Object, objects
from weighbridge.formats.json_text import MOST_CONTAINERS, MOST_SEPARATORS
from weighbridge.formats.keras_config import walk
from weighbridge.formats.reader import HEAD_BYTES, Child, Reader, Role, Signature
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Unread
from weighbridge.model.source import ByteSource, BytesSource, LimitReached

_STARTS = (0, 512, 1024, 2048)
_CONFIGURATIONS = ("model_config", "training_config", "optimizer_config", "config")
_MODEL_ATTRIBUTES = frozenset({"model_config", "training_config", "layer_names", "weight_names", "keras_version"})
_MODEL_GROUPS = ("/_layer_checkpoint_dependencies", "/layers", "/model_weights", "/optimizer_weights", "/vars")
_WEIGHT_ENDINGS = ("kernel:0", "bias:0", "gamma:0", "beta:0", "embeddings:0", "moving_mean:0", "moving_variance:0")
_NUMBERS = frozenset({"F16", "F32", "F64", "BF16", "I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"})


def superblock(source: ByteSource, head: bytes) -> int | None:
    """Return where the superblock stands: 0, 512 and doubling, as the HDF5 library looks for it."""
    for start in _STARTS:
        if head[start : start + 8] == MAGIC:
            return start
    start = 4096
    while start < min(source.size, 1 << 30):
        if source.read(start, 8) == MAGIC:
            return start
        start *= 2
    return None


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether an HDF5 superblock stands where the library would find it.

    A user block that is longer than the head is looked behind only if it begins with zeros, as the library leaves it.
    """
    if any(head[start : start + 8] == MAGIC for start in _STARTS):
        return True
    return could_be_behind(head) and superblock(source, head) is not None


def could_be_behind(head: bytes) -> bool:
    """Tell whether the head looks like a user block that nobody has filled."""
    return len(head) == HEAD_BYTES and not head.strip(b"\0")


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    start = superblock(source, source.read(0, 4096))
    if start is None:
        gathering.holds_model = True
        raise StructureError(Damage.INVALID, "no HDF5 superblock stands at any of the places where it may", 0)
    file = Hdf5File(source, budget, start)
    if file.short:
        gathering.damaged(Damage.TRUNCATED, "the file is shorter than its superblock says", start)
    census = TensorCensus()
    pickled = False
    try:
        for found in objects(file, gathering):
            if found.path == "/":
                pickled = any(attribute.name == "PYTABLES_FORMAT_VERSION" for attribute in found.attributes)
            _object(file, found, census, gathering, pickled=pickled)
    finally:
        if gathering.holds_model:
            census.report(gathering, "datasets")
            gathering.skipped.append("dataset contents: hold numbers only")
    if gathering.holds_model and file.excess and any(source.read(file.end, 4096)):
        reason = f"{file.excess} bytes follow the end that its superblock states"
        gathering.damaged(Damage.CONTRADICTION, reason, file.end)


def _object(file: Hdf5File, found: Object, census: TensorCensus, gathering: Gathering, *, pickled: bool) -> None:
    if found.path.startswith(_MODEL_GROUPS) or found.path.endswith(_WEIGHT_ENDINGS):
        gathering.holds_model = True
    if found.type is not None and found.type.name in _NUMBERS:
        census.add(found.path, found.type.name, found.shape)
    for attribute in found.attributes:
        if attribute.name in _MODEL_ATTRIBUTES:
            gathering.holds_model = True
        if attribute.name in _CONFIGURATIONS:
            _configuration(file, attribute, gathering)
        elif attribute.name in ("keras_version", "backend"):
            texts = strings(file, attribute)
            if texts:
                gathering.fact(attribute.name.replace("keras_version", "producer.version"), texts[0], attribute.name)
        elif pickled:
            _pickled(attribute, found.path, gathering)


def _configuration(file: Hdf5File, attribute: Attribute, gathering: Gathering) -> None:
    try:
        texts = strings(file, attribute)
    except IndexError:
        texts = None
    if texts is None:
        gathering.observe(
            Unread(what=attribute.name, reason="it is of a type that is not followed", key=attribute.name)
        )
        return
    text = "".join(texts)
    value = parse_configuration(text.encode("utf-8", "surrogatepass"), attribute.name, gathering)
    if value is None:
        return
    walk(value, gathering, attribute.name)
    if attribute.name == "model_config" and isinstance(value, dict):
        summarize(value, gathering, attribute.name)


def parse_configuration(text: bytes, name: str, gathering: Gathering) -> object:
    """Return a configuration parsed as Keras does (NaN and Infinity included), None with an observation if it is not.

    Raises `LimitReached` for a text that would become too many objects.
    """
    if text.count(b"{") + text.count(b"[") > MOST_CONTAINERS or text.count(b",") + text.count(b":") > MOST_SEPARATORS:
        raise LimitReached("configuration values", MOST_SEPARATORS)
    repeated: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(items)
        if len(found) != len(items):
            counts = Counter(key for key, _ in items)
            repeated.append(next(key for key, count in counts.items() if count > 1))
            # Loaders keep one of them; keep all, so that each is judged.
            found["repeated keys"] = [value for _, value in items]
        return found

    try:
        value = json.loads(text.decode("utf-8", "surrogatepass"), object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        gathering.damaged(Damage.INVALID, f"the configuration is not JSON: {str(error)[:120]}", key=name)
        return None
    if repeated:
        gathering.damaged(Damage.CONTRADICTION, f"the key {repeated[0][:80]!r} occurs twice in one object", key=name)
    return value


def summarize(config: dict[str, object], gathering: Gathering, where: str) -> None:
    """Write the facts that a model configuration states: name, architecture, number of layers."""
    inner = config.get("config")
    gathering.fact("architecture", _text(config.get("class_name")), where)
    if isinstance(inner, dict):
        gathering.fact("name", _text(inner.get("name")), where)
        layers = inner.get("layers")
        if isinstance(layers, list):
            gathering.fact("layers", len(layers), where)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _pickled(attribute: Attribute, path: str, gathering: Gathering) -> None:
    """PyTables unpickles attribute texts that look like a pickle: hand them on."""
    value = attribute.value
    if len(value) > 3 and value.rstrip(b"\0").endswith(b".") and value[:1] in b"\x80(]}lcVSIFLG":
        member = f"{path}@{attribute.name}"[:200]
        gathering.children.append(
            Child(
                member=member,
                source=BytesSource(value, b""),
                role=Role.PART,
                expect="pickle" if value[0] == 0x80 else None,
            )
        )


READER = Reader(
    id="keras-h5",
    title="Keras HDF5",
    recognize=recognize,
    read=gathered("keras-h5", _read, holds_model=False),
    signatures=tuple(Signature(magic=MAGIC, offset=start) for start in _STARTS),
    could_be=could_be_behind,
    begins=b"\0",
    suffixes=(".h5", ".hdf5", ".keras"),
)
