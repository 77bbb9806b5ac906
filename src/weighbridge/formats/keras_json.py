"""The architecture of a Keras model alone, as JSON: what `to_json` writes and `model_from_json` loads.

Source: `keras/src/models/model.py` (`model_from_json`); the configuration is the one of `keras_config`.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.keras_config import walk
from weighbridge.formats.keras_h5 import parse_configuration
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource

LONGEST = 16 << 20
_CLASS = re.compile(rb'"class_name"\s*:\s*"(?:Functional|Sequential|Model|Graph|Lambda)"')


def could_be(head: bytes) -> bool:
    """Tell whether the head is a JSON object with the class of a Keras model and its configuration."""
    return starts_object(head) and b'"config"' in head and _CLASS.search(head) is not None


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the head is a JSON object with the class of a Keras model and its configuration."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    if source.size > LONGEST:
        gathering.observe(Unread(what="configuration", reason=f"longer than {LONGEST} bytes"))
        return
    value = parse_configuration(source.read(0, source.size), "configuration", gathering)
    if value is not None:
        walk(value, gathering, "configuration")


READER = Reader(
    id="keras-json",
    title="Keras architecture",
    recognize=recognize,
    read=gathered("keras-json", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
)
