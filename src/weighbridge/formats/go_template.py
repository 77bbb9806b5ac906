"""Chat templates of Ollama: Go's template language, in a layer or file of its own (`template`).

They reach no code: fields of the conversation, some functions, text. So a text counts as one only if all of it is in
this language with the functions that Ollama offers; what it reads, calls and repeats is judged as for other templates.
Sources: Go, package `text/template` ("Actions", "Functions"); Ollama, `template/template.go` (functions, variables).
"""

import hashlib
import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.go_program import GoProgram
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import TemplateProgram
from weighbridge.model.source import ByteSource

LONGEST = 1 << 20
SPEAKS_OF_CHAT = re.compile(rb"\.(?:Prompt|Messages|Response|System)\b")
"""What the templates of Ollama read, and few others."""


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes hold an action and read a conversation."""
    return b"{{" in head and SPEAKS_OF_CHAT.search(head) is not None


def recognize(source: ByteSource, _head: bytes) -> bool:
    """Tell whether a text is a template of Ollama, all of it."""
    return source.size <= LONGEST and program_of(source.read(0, source.size)).error is None


def program_of(text: bytes) -> TemplateProgram:
    """Return what a template does; `error` says why it is none."""
    program = GoProgram(text.decode("utf-8", "replace"))
    return TemplateProgram(
        attributes=tuple(program.fields),
        filters=(),
        calls=tuple(program.calls),
        computed=(),
        imports=(),
        loops=program.loops,
        text_sha256=hashlib.sha256(text).hexdigest(),
        error=program.error,
        heavy=tuple(program.heavy),
    )


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    program = program_of(source.read(0, min(source.size, LONGEST)))
    gathering.fact("chat_template.sha256", program.text_sha256, "chat template file", Grade.MEASURED)
    gathering.observe(program)


READER = Reader(
    id="go-template",
    title="Ollama chat template",
    recognize=recognize,
    read=gathered("go-template", _read, holds_model=False),
    could_be=could_be,
)
