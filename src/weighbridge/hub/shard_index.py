"""The index of a checkpoint in several parts: which of them holds which tensor.

Source: transformers, `modeling_utils.py` and `utils/hub.py` (`pytorch_model.bin.index.json`,
`model.safetensors.index.json`): `metadata.total_size` in bytes, `weight_map` from tensor to file beside the index.
"""

import json
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from weighbridge.hub.tensor_dictionary import NotSimpleError

LARGEST = 64 << 20
"""Bytes; the largest that are known have three."""


class Part(Struct, frozen=True, kw_only=True):
    """A part that was converted."""

    name: str
    """Of the new file, without a folder."""
    tensors: Sequence[str]
    size: int
    """Bytes of its tensors."""


class _Index(Struct):
    weight_map: dict[str, str]


def converted(content: bytes, parts: Mapping[str, Part]) -> bytes:
    """Return the index of the converted parts.

    Args:
        content: the index of those that they were made of.
        parts: by the name of the file that each was made of.

    Raises:
        NotSimpleError: it is no index, or does not say of each part what that holds.
    """
    try:
        said = msgspec.json.decode(content, type=_Index).weight_map
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotSimpleError("it does not say which part holds which tensor") from error
    if missing := sorted(set(said.values()) - set(parts)):
        raise NotSimpleError(f"it names a part that is not there: {missing[0][:100]}")
    held = {(tensor, name) for name, part in parts.items() for tensor in part.tensors}
    if wrong := sorted(held ^ set(said.items())):
        raise NotSimpleError(f"it and the parts do not agree on where {wrong[0][0][:100]} is")
    index = {
        "metadata": {"total_size": sum(part.size for part in parts.values())},
        "weight_map": {tensor: parts[name].name for tensor, name in sorted(said.items())},
    }
    return json.dumps(index, indent=2, ensure_ascii=False).encode() + b"\n"
