"""YAML beside weights that names what to build: `model_config.yaml` of an unpacked NeMo model, `config.yaml` of Hydra.

Read only beside weights, under the names that loaders open: any program may keep such YAML.
Sources: as `config_targets`.
"""

from weighbridge.formats.config_targets import observe_targets
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.yaml_events import LONGEST
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, LONGEST + 1)
    if len(text) > LONGEST:
        gathering.observe(Unread(what="configuration", reason="longer than any configuration"))
    elif b"_target_" in text or b"!!python" in text or b"tag:yaml.org,2002:python" in text:
        observe_targets(text, None, gathering)


READER = Reader(
    id="hydra-config",
    title="Hydra configuration",
    recognize=lambda _source, _head: False,
    read=gathered("hydra-config", _read, holds_model=False),
)
