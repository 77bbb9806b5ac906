"""Chat templates in files of their own: `chat_template.jinja`, `additional_chat_templates/*.jinja`.

Jinja is also the language of web pages, so only a text that speaks of chat is recognized without its name.
Source: transformers `utils/hub.py` and `processing_utils.py` (where templates are looked for).
"""

import hashlib

from weighbridge.formats import go_template
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import IsolatedRequest, Reader
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Unread
from weighbridge.model.source import ByteSource

LONGEST = 2 << 20
BEGINNINGS = (b"{%", b"{{", b"{#", b"[gMASK]", b"<|", b"<s>")
SPEAKS_OF_CHAT = (
    b"add_generation_prompt",
    b"raise_exception",
    b"bos_token",
    b"eos_token",
    b"tool_calls",
    b"<|",
    b"[INST]",
    b"['role']",
    b'["role"]',
    b"message.role",
)


def could_be(head: bytes) -> bool:
    """Tell whether the first bytes begin like a template and hold a word that only chat templates use."""
    return (
        head[:64].lstrip().startswith(BEGINNINGS)
        and (b"{%" in head or b"{{" in head)
        and any(word in head for word in SPEAKS_OF_CHAT)
    )


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the first bytes are a template that speaks of chat, in this language and not in Go's."""
    return could_be(head) and not (go_template.could_be(head) and go_template.recognize(source, head))


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    if source.size > LONGEST:
        gathering.observe(Unread(what="chat template", reason=f"longer than {LONGEST} bytes"))
        return
    text = source.read(0, source.size)
    gathering.fact("chat_template.sha256", hashlib.sha256(text).hexdigest(), "chat template file", Grade.MEASURED)
    gathering.requests.append(IsolatedRequest(parser="jinja", payload=text))


READER = Reader(
    id="chat-template",
    title="Chat template",
    recognize=recognize,
    read=gathered("chat-template", _read, holds_model=False),
    could_be=could_be,
    begins=b"{[< \t\n\r\x0b\x0c",
    names=("chat_template.jinja",),
)
