"""Ollama's recipe for a model: `Modelfile`.

Source: ollama `docs/modelfile.md`. Its template is in Go's template language, which reaches no code.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource

LONGEST = 1 << 20
OWN = (b"\nPARAMETER ", b"\nTEMPLATE ", b"\nSYSTEM ", b"\nADAPTER ", b"\nMESSAGE ")
"""Instructions that a Dockerfile, which also begins with FROM, does not have."""
LINE = re.compile(rb"^(FROM|ADAPTER|LICENSE|PARAMETER num_ctx)[ \t]+([^\n]{1,500})", re.M)


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes are a recipe: FROM, and an instruction of its own."""
    return b"FROM " in head[:512] and any(word in head for word in OWN)


def recognize(_source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a recipe: FROM at the start of a line, and an instruction of its own."""
    return could_be(head) and re.search(rb"^FROM ", head, re.M) is not None


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, min(source.size, LONGEST))
    names = {b"FROM": "base_model", b"ADAPTER": "adapter.path", b"LICENSE": "license", b"PARAMETER num_ctx": "context"}
    for word, rest in LINE.findall(text)[:32]:
        value = rest.decode("utf-8", "replace").strip().strip('"').strip()
        name = names[word]
        if name == "context":
            if value.isdecimal() and len(value) < 12:
                gathering.fact("context_length", int(value), "Modelfile PARAMETER num_ctx")
        elif value:
            gathering.fact(name, value, f"Modelfile {word.decode()}")


READER = Reader(
    id="modelfile",
    title="Ollama Modelfile",
    recognize=recognize,
    read=gathered("modelfile", _read, holds_model=False),
    could_be=could_be,
)
