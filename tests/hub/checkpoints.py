"""Checkpoints of PyTorch, built here: dictionaries of tensors, and what only looks like one."""

import struct

from tests.samples.pickle_assembly import Raw, call, stream, value
from tests.samples.torch_files import legacy, storage, torch_zip

NUMBERS = struct.pack("<6f", *range(6))
ORDERED = call("collections", "OrderedDict")


def tensor(
    shape=(2, 3), strides=(3, 1), offset: int = 0, key: str = "0", elements: int = 6, *, old: bool = False
) -> bytes:
    """Return a tensor as PyTorch writes it, in order or not; `old`: in the form before version 1.6."""
    operands = (Raw(storage(key, elements, old=old)), offset, shape, strides, False, Raw(ORDERED))
    return call("torch._utils", "_rebuild_tensor_v2", *operands)


def checkpoint(numbers: bytes = NUMBERS, /, **tensors: bytes) -> bytes:
    """Return a checkpoint of these tensors, or other values, by name, over one storage."""
    body = b"".join(value(name) + one for name, one in tensors.items())
    return torch_zip(stream(ORDERED + b"(" + body + b"u"), data__0=numbers)


def old_program(**tensors: bytes) -> bytes:
    """Return the pickle of a dictionary of these tensors, as it stands in the form before version 1.6."""
    return stream(ORDERED + b"(" + b"".join(value(name) + one for name, one in tensors.items()) + b"u")


def old_checkpoint(**tensors: bytes) -> bytes:
    """Return a checkpoint of these tensors over one storage of six numbers, in the form before version 1.6."""
    return legacy(old_program(**tensors))
