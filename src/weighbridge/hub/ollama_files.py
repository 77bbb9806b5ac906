"""What Ollama keeps beside weights, as files without an ending: `template`, `system`, `params`, `messages`.

Nothing runs them: a template in Go's language, text, settings and a conversation as JSON. One of these names is known
for what it is only if its content is exactly that; else a person looks. Sources: Ollama, `docs/modelfile.md`,
`api/types.go` (`Options`, `Runner`, `Message`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from weighbridge.discover.hidden_text import hidden_in
from weighbridge.formats.go_template import LONGEST, program_of

T = TypeVar("T")
_OPTIONS = frozenset(
    {"f16_kv", "frequency_penalty", "logits_all", "low_vram", "main_gpu", "min_p", "mirostat", "mirostat_eta"}
    | {"mirostat_tau", "num_batch", "num_ctx", "num_gpu", "num_gqa", "num_keep", "num_predict", "num_thread", "numa"}
    | {"penalize_newline", "presence_penalty", "repeat_last_n", "repeat_penalty", "rope_frequency_base", "seed"}
    | {"rope_frequency_scale", "stop", "temperature", "tfs_z", "top_k", "top_p", "typical_p", "use_mlock", "use_mmap"}
    | {"vocab_only"}
)
_NAME = re.compile(r"(template|system|params|messages)(?:-[0-9]{1,4})?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MOST = 1_000
"""Settings' words, or messages."""


class _Message(Struct, forbid_unknown_fields=True):
    role: Literal["system", "user", "assistant"]
    content: str


def kind_of(path: str) -> str:
    """Return what Ollama calls a file of this name: `template`, `system`, ...; empty for any other."""
    found = _NAME.fullmatch(path)
    return "" if found is None else found[1]


def is_known(path: str, content: bytes) -> bool:
    """Tell whether a file is what its name says, and nothing that a person should look at.

    Args:
        path: in the release.
        content: all of it, or more than `LONGEST` bytes.
    """
    if len(content) > LONGEST or not kind_of(path):
        return False
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    hidden = _CONTROLS.search(text) is not None or any(hidden_in(path, text))
    return not hidden and _CHECKS[kind_of(path)](text)


def _is_template(text: str) -> bool:
    program = program_of(text.encode())
    return program.error is None and not program.heavy and not program.calls


def _is_settings(text: str) -> bool:
    given = _decoded(text, dict[str, bool | int | float | str | list[str]])
    words = [one for value in (given or {}).values() if isinstance(value, list) for one in value]
    return given is not None and _OPTIONS.issuperset(given) and len(words) <= _MOST


def _is_conversation(text: str) -> bool:
    given = _decoded(text, list[_Message])
    return given is not None and len(given) <= _MOST


def _decoded(text: str, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, RecursionError):
        return None


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "template": _is_template,
    "system": lambda _: True,
    "params": _is_settings,
    "messages": _is_conversation,
}
