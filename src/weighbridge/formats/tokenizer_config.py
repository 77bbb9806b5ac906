"""Configuration of tokenizers and processors: `tokenizer_config.json`, `chat_template.json`.

Source: transformers `tokenization_utils_base.py` (`chat_template` as text or list), `processing_utils.py`
(`chat_template.json`).
"""

from weighbridge.formats.configuration import load, note_code, take_templates
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.json_text import BEGINNINGS, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

TELLING = (b'"tokenizer_class"', b'"chat_template"', b'"added_tokens_decoder"', b'"add_bos_token"', b'"bos_token"')


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object with one of the telling keys."""
    return starts_object(head) and any(key in head for key in TELLING)


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a JSON object with one of the telling keys."""
    return could_be(head)


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    value = load(source, gathering)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("tokenizer_class"), str):
        gathering.fact("tokenizer", value["tokenizer_class"], "key tokenizer_class")
    longest = value.get("model_max_length")
    if type(longest) is int and longest < 1 << 40:  # a larger one is how "no limit" is written
        gathering.fact("tokenizer.model_max_length", longest, "key model_max_length")
    note_code(value, gathering)
    take_templates(value, gathering)


READER = Reader(
    id="tokenizer-config",
    title="Tokenizer configuration",
    recognize=recognize,
    read=gathered("tokenizer-config", _read, holds_model=False),
    could_be=could_be,
    begins=BEGINNINGS,
    names=("chat_template.json", "tokenizer_config.json"),
)
