"""Files that a command line names, and whether it calls them a model.

In: arguments. Out: paths as they are written. What they lead to decides whether they are weights.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

_MODEL_OPTION = re.compile(
    rb"-{1,2}(?:m|md|mm|mv|model|mmproj|gguf|ckpt|lora|weights?|checkpoint|draft|vae|unet|diffusion[-_]model"
    rb"|(?:model|mmproj|ckpt|checkpoint|lora|draft|vocoder|tokenizer|load)[-_]?(?:model|path|file|dir|weights|name|id)?)",
    re.IGNORECASE,
)
"""Options by which llama.cpp, whisper.cpp, vLLM, SGLang, TGI, MLX, llamafile and their like name what they load."""
_MODEL_COMMANDS = frozenset({b"serve", b"run", b"chat", b"generate"})
"""Words after which such programs take a model without an option: `vllm serve PATH`."""
_MOST = 256
_LONGEST = 4096


class NamedPath(NamedTuple):
    """A path in a command line."""

    path: bytes
    as_model: bool
    """Whether an option or a command before it says that it is a model."""


def argument_paths(arguments: Sequence[bytes]) -> list[NamedPath]:
    """Return every argument but the first that could be a path, in order, each once."""
    found: dict[bytes, bool] = {}
    before = b""
    for argument in arguments[1:_MOST]:
        option, equals, value = argument.partition(b"=")
        if argument.startswith(b"-") and equals:
            _add(found, value, _MODEL_OPTION.fullmatch(option) is not None)
        elif not argument.startswith(b"-"):
            _add(found, argument, _MODEL_OPTION.fullmatch(before) is not None or before in _MODEL_COMMANDS)
        before = argument
    return [NamedPath(path, as_model) for path, as_model in found.items()]


def _add(found: dict[bytes, bool], path: bytes, as_model: bool) -> None:
    if path and len(path) <= _LONGEST and b"\n" not in path:
        found[path] = found.get(path, False) or as_model
