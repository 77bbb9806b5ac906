"""SavedModel and GraphDef as text (`saved_model.pbtxt`, `graph.pbtxt`), which TensorFlow loads like the binary form.

Source: Protocol Buffers "Text Format Language Specification" (strings in either quotes, adjacent strings are joined,
octal and hexadecimal escapes); `tensorflow/python/saved_model/loader_impl.py` (falls back to text).
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.tensorflow_operators import PLAIN
from weighbridge.model.budget import Budget
from weighbridge.model.observation import GraphOperator, Unread
from weighbridge.model.source import ByteSource

_LONGEST = 32 << 20
_MOST = 300_000
_QUOTED = rb"(?:\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}')"
_OPERATOR = re.compile(rb"\bop\s{0,20}:\s{0,20}((?:" + _QUOTED + rb"\s{0,20}){1,40})")
_FUNCTION = re.compile(rb"\bsignature\s{0,20}:?\s{0,20}[{<]\s{0,20}name\s{0,20}:\s{0,20}(" + _QUOTED + rb")")
_PIECE = re.compile(_QUOTED)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|(.))")
_WORDS = (b"node", b"meta_graphs", b"saved_model_schema_version", b"library")
_MARK = re.compile(rb"\bsaved_model_schema_version\s{0,20}:|\b(?:meta_graphs|node|library)\s{0,20}:?\s{0,20}[{<]")


_BEGINNINGS = b"snmlv# \n\r\t"


def could_be(head: bytes) -> bool:
    """Tell whether text with the field names of a SavedModel or graph begins here."""
    if head[:1] not in _BEGINNINGS or not any(word in head for word in _WORDS):
        return False
    return b"\0" not in head[:64] and _MARK.search(head) is not None


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether nodes with operators of TensorFlow stand in the first part of the text."""
    if not could_be(head):
        return False
    text = source.read(0, 1 << 20)
    found = [_text(match[1]) for match, _ in zip(_OPERATOR.finditer(text), range(200), strict=False)]
    return any(name in PLAIN for name in found)


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, _LONGEST)
    if source.size > _LONGEST:
        gathering.observe(Unread(what="the rest of the text", reason=f"longer than {_LONGEST} bytes"))
    functions = {_text(match[1]) for match in _FUNCTION.finditer(text)}
    foreign: dict[str, int] = {}
    for match in _OPERATOR.finditer(text):
        budget.spend("text nodes", 1, _MOST)
        name = _text(match[1])
        if name not in PLAIN and name not in functions and len(foreign) < 1000:
            foreign.setdefault(name, match.start())
    for name, offset in foreign.items():
        gathering.observe(GraphOperator(framework="tensorflow", domain="", name=name, offset=offset))
    if b"output_stream" in text and b"file:" in text:
        gathering.observe(GraphOperator(framework="tensorflow", domain="", name="PrintV2"))
    gathering.fact("producer", "tensorflow", "format")


def _text(quoted: bytes) -> str:
    joined = b"".join(piece[1:-1] for piece in _PIECE.findall(quoted))
    return _ESCAPE.sub(_escaped, joined).decode("utf-8", "backslashreplace")


def _escaped(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8) & 255])
    return bytes([int(match[2], 16)]) if match[2] else match[3]


READER = Reader(
    id="saved-model-text",
    title="TensorFlow graph as text",
    recognize=recognize,
    read=gathered("saved-model-text", _read),
    could_be=could_be,
    begins=_BEGINNINGS,
)
