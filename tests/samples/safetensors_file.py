"""Builds safetensors files, honest and otherwise."""

import json
import struct


def raw(header: bytes | str, data: bytes = b"", length: int | None = None) -> bytes:
    """Return a file with exactly this header text."""
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensors(**changes) -> dict:
    """Return an honest header of two tensors over 48 bytes, with entries replaced or added."""
    header = {
        "embed.weight": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]},
        "norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [32, 48]},
    }
    header.update(changes)
    return header


def small(data: bytes = bytes(48), **changes) -> bytes:
    """Return an honest file with header entries replaced or added."""
    text = json.dumps(tensors(**changes))
    return raw(text + " " * (-len(text) % 8), data)
