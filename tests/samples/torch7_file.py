"""Builds files of Lua Torch by hand. Indexes number the objects of a file and must differ."""

import struct


def _text(value: bytes) -> bytes:
    return struct.pack("<i", len(value)) + value


def _object(name: bytes, index: int) -> bytes:
    return struct.pack("<ii", 4, index) + _text(b"V 1") + _text(name)


def tensor(index: int = 1) -> bytes:
    """Return a tensor of 2 x 3 numbers with its storage."""
    shape = struct.pack("<i", 2) + struct.pack("<5q", 2, 3, 3, 1, 1)
    storage = _object(b"torch.FloatStorage", index + 1) + struct.pack("<q", 6) + bytes(24)
    return _object(b"torch.FloatTensor", index) + shape + storage


def table(value: bytes, index: int = 1) -> bytes:
    """Return a table with `value` under the key `weight`."""
    return struct.pack("<iii", 3, index, 1) + struct.pack("<i", 2) + _text(b"weight") + value


def module(value: bytes) -> bytes:
    """Return a network whose fields are one table with `value`, which must not use the indexes 1 and 2."""
    return _object(b"nn.Linear", 1) + table(value, 2)


def function(index: int = 1) -> bytes:
    """Return a Lua function, which is byte code and the values that it closes over."""
    return struct.pack("<ii", 8, index) + _text(b"\x1bLJ\x02" + bytes(20)) + struct.pack("<i", 0)
