"""Which bytes a model of XGBoost can begin with; loads without the reader, because any first byte is possible.

Source: `src/learner.cc` of XGBoost (`LearnerModelParamLegacy`, 136 bytes, then the names of objective and booster).
"""

import re

from weighbridge.formats.json_text import starts_object

LEGACY_BYTES = 136
_BOOSTERS = (b"gbtree", b"gblinear", b"dart")
_KEYS = rb'"(?:learner|gradient_booster|gbtree_model_param|learner_model_param)"\s{0,64}:\s{0,64}[{\[]'


def could_be(head: bytes) -> bool:
    """Tell whether a JSON object with keys of XGBoost, or the binary form, may begin here."""
    if head[:1] == b"{" or head[:1].isspace() or head[:1] == b"\xef":
        return starts_object(head) and re.search(_KEYS, head) is not None
    return head[137:144] == b"\0\0\0\0\0\0\0" and is_legacy(head, 0)


def is_legacy(head: bytes, start: int) -> bool:
    """Tell whether parameters and the names of an objective and a known booster stand at `start`."""
    at = start + LEGACY_BYTES
    length = int.from_bytes(head[at : at + 8], "little")
    if not 2 < length < 65:
        return False
    name = head[at + 8 : at + 8 + length]
    at += 8 + length
    booster = int.from_bytes(head[at : at + 8], "little")
    return name.isascii() and booster < 16 and head[at + 8 : at + 8 + booster] in _BOOSTERS
