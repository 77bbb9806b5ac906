"""NVIDIA NeMo models: a tar, plain or gzipped, with `model_config.yaml`, weights and tokenizers.

Sources: NeMo `nemo/core/connectors/save_restore_connector.py`; CVE-2025-23249, CVE-2025-23250, CVE-2025-23304,
CVE-2025-23360 (pickled weights, paths out of the archive, instantiation of what the configuration names).
"""

from weighbridge.formats.bundle import bundle_children, ends_with_any, is_tar, tar_names, text_of
from weighbridge.formats.codec import GZIP, expand_gzip, first_piece, stream
from weighbridge.formats.config_targets import observe_targets
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.tar_header import could_be_header
from weighbridge.formats.yaml_events import YamlScalar
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

_CONFIG = "model_config.yaml"
_STARTS_WITHIN = 256 << 10
_is_yaml = ends_with_any(".yaml", ".yml")


def _recognize(source: ByteSource, head: bytes) -> bool:
    if head.startswith(GZIP):
        # Only the start is expanded; a configuration farther back is found when the archive itself is read.
        return is_tar(first_piece(source, expand_gzip, 512)) and _CONFIG.encode() in first_piece(
            source, expand_gzip, _STARTS_WITHIN
        )
    return is_tar(head) and any(name.rpartition("/")[2] == _CONFIG for name in tar_names(source))


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    if source.read(0, 3) == GZIP:
        source = stream(source, expand_gzip, budget, source.name)
    for child in bundle_children(source, budget, gathering):
        gathering.children.append(child)
        if not _is_yaml(child.member):
            continue
        text = text_of(child, gathering)
        if text is None:
            continue
        values = observe_targets(text, child.member, gathering)
        if child.member.endswith(_CONFIG):
            _facts(values, gathering)


def _facts(values: list[YamlScalar], gathering: Gathering) -> None:
    for item in values:
        source = f"{_CONFIG} key {item.key[:80]}"
        if item.path == ("target",):
            gathering.fact("architecture", item.value.rpartition(".")[2], source)
        elif item.path == ("nemo_version",):
            gathering.fact("training.framework_version", item.value, source)
        elif item.path in (("name",), ("model", "name")):
            gathering.fact("name", item.value, source)
        elif item.path == ("tokenizer", "type"):
            gathering.fact("tokenizer", item.value, source)
        elif item.path in (("max_position_embeddings",), ("encoder_seq_length",)) and item.value.isdigit():
            gathering.fact("context_length", int(item.value[:18]), source)


READER = Reader(
    id="nemo",
    title="NVIDIA NeMo",
    recognize=_recognize,
    read=gathered("nemo", _read),
    signatures=(Signature(magic=b"ustar", offset=257), Signature(magic=GZIP)),
    could_be=could_be_header,
    suffixes=(".nemo",),
)
