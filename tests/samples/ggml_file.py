"""Builds files of the formats before GGUF."""

import struct


def tensor(name: bytes, shape: tuple[int, ...], kind: int, data: bytes, at: int, *, aligned: bool) -> bytes:
    """Return one tensor with its header; `at` is where it will stand."""
    head = struct.pack("<3I", len(shape), len(name), kind) + struct.pack(f"<{len(shape)}I", *shape) + name
    return head + (bytes(-(at + len(head)) % 32) if aligned else b"") + data


def llama(family: bytes = b"tjgg", version: int = 3, vocabulary: int = 3, tail: bytes = b"", layers: int = 1) -> bytes:
    """Return a model of two tensors: F32 (8 x 4) and Q4_0 (32 x 2) with the block size of that version."""
    out = family + struct.pack("<I", version) + struct.pack("<7I", vocabulary, 8, 256, 2, layers, 4, 2)
    for token in (b"a", b"b", b"ab")[:vocabulary]:
        out += struct.pack("<I", len(token)) + token + struct.pack("<f", 0.5)
    block = 18 if (family, version) == (b"tjgg", 3) else 20
    aligned = family == b"tjgg"
    out += tensor(b"norm.weight", (8, 4), 0, bytes(128), len(out), aligned=aligned)
    out += tensor(b"layers.0.attention.wq.weight", (32, 2), 2, bytes(2 * block), len(out), aligned=aligned)
    return out + tail


def adapter() -> bytes:
    """Return a LoRA adapter of one pair."""
    out = b"algg" + struct.pack("<3I", 1, 8, 16)
    for name in (b"layers.0.wq.weight.loraA", b"layers.0.wq.weight.loraB"):
        out += tensor(name, (8, 4), 0, bytes(128), len(out), aligned=True)
    return out


def unversioned(program: str) -> bytes:
    """Return a model of one tensor as `whisper`, `gpt-2`, `gpt-j` or `llama` wrote them under the magic `ggml`."""
    numbers = {"whisper": 11, "gpt-2": 6, "gpt-j": 7, "llama": 7}[program]
    out = b"lmgg" + struct.pack(f"<{numbers}I", 2, *(4 for _ in range(numbers - 1)))
    if program == "whisper":
        out += struct.pack("<2I", 2, 3) + bytes(24)
    if program != "llama":
        out += struct.pack("<I", 2)
    for token in (b"a", b"ab"):
        out += struct.pack("<I", len(token)) + token
    return out + tensor(b"wte", (8, 4), 0, bytes(128), 0, aligned=False)
