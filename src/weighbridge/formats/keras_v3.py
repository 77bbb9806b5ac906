"""Keras 3 models: a ZIP with `config.json`, `metadata.json` and the weights as HDF5.

Source: `keras/src/saving/saving_lib.py` (`_CONFIG_FILENAME`, `_METADATA_FILENAME`, `_VARS_FNAME`, `assets`).
"""

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.keras_config import walk
from weighbridge.formats.keras_h5 import parse_configuration, summarize
from weighbridge.formats.reader import Child, Reader, Role, Signature
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import LOCAL_MAGIC, names, parse
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Unread
from weighbridge.model.source import ByteSource, SourceError

_CONFIG = "config.json"
_METADATA = "metadata.json"
_WEIGHTS = ("model.weights.h5", "model.weights.npz", "model.weights.json", "model.safetensors")
_LONGEST_CONFIG = 64 << 20


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the directory names a configuration and metadata or weights, as Keras saves them."""
    listed = set(names(source))
    return _CONFIG in listed and (_METADATA in listed or any(name.endswith(_WEIGHTS[:2]) for name in listed))


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    directory = parse(source, budget)
    excess = packing(directory, budget)
    for observation in (*directory.observations, *excess):
        gathering.observe(observation)
    if excess:
        return
    children, unread = children_of(source, directory, budget)
    for observation in unread:
        gathering.observe(observation)
    if not any(child.member == _CONFIG for child in children):
        gathering.damaged(Damage.INVALID, "the configuration is empty or cannot be read", key=_CONFIG)
    for child in children:
        # Every member of that name: loaders differ in which of two they take.
        if child.member in (_CONFIG, _METADATA):
            _configuration(child, gathering)
        elif child.member.endswith(".h5"):
            gathering.children.append(_part(child, "keras-h5"))
        else:
            gathering.children.append(_part(child, child.expect))


def _part(child: Child, expect: str | None) -> Child:
    return Child(member=child.member, source=child.source, role=Role.PART, expect=expect)


def _configuration(child: Child, gathering: Gathering) -> None:
    try:
        text = child.source.read(0, _LONGEST_CONFIG + 1)
    except SourceError as error:
        gathering.observe(Unread(what=child.member, reason=str(error), member=child.member))
        return
    if len(text) > _LONGEST_CONFIG:
        gathering.observe(Unread(what=child.member, reason="longer than any configuration", member=child.member))
        return
    value = parse_configuration(text, child.member, gathering)
    if child.member == _METADATA and isinstance(value, dict):
        version = value.get("keras_version")
        gathering.fact("producer", "keras", _METADATA)
        gathering.fact("producer.version", version if isinstance(version, str) else None, _METADATA)
        saved = value.get("date_saved")
        gathering.fact("created", saved if isinstance(saved, str) else None, _METADATA)
    elif value is not None:
        walk(value, gathering, child.member)
        if isinstance(value, dict):
            summarize(value, gathering, child.member)


READER = Reader(
    id="keras-v3",
    title="Keras 3",
    recognize=recognize,
    read=gathered("keras-v3", _read),
    signatures=(Signature(magic=LOCAL_MAGIC),),
    at_end=END_MAGIC,
    suffixes=(".keras",),
)
