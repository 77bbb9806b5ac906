"""Builds GGUF files, honest and otherwise, so that no binary blob is kept."""

import struct
from dataclasses import dataclass, field

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)
_FORMATS = {U8: "B", I8: "b", U16: "H", I16: "h", U32: "I", I32: "i", F32: "f", BOOL: "B", U64: "Q", I64: "q", F64: "d"}


@dataclass
class GgufFile:
    """Pairs are (key, value type, value); tensors are (name, dimensions innermost first, type number, data)."""

    pairs: list = field(default_factory=list)
    tensors: list = field(default_factory=list)
    version: int = 3
    order: str = "<"
    alignment: int = 32
    tensor_count: int | None = None
    key_count: int | None = None
    offsets: dict = field(default_factory=dict)
    """Tensor name -> offset to write instead of the true one."""
    tail: bytes = b""

    def number(self, value: int, code: str = "Q") -> bytes:
        return struct.pack(self.order + code, value)

    def count(self, value: int) -> bytes:
        return self.number(value, "I" if self.version == 1 else "Q")

    def text(self, value: str | bytes) -> bytes:
        raw = value if isinstance(value, bytes) else value.encode()
        return self.count(len(raw)) + raw

    def value(self, kind: int, value) -> bytes:
        if isinstance(value, Raw):
            return bytes(value)
        if kind == STRING:
            return self.text(value)
        if kind == ARRAY:
            item_kind, items = value
            return (
                self.number(item_kind, "I") + self.count(len(items)) + b"".join(self.value(item_kind, i) for i in items)
            )
        return struct.pack(self.order + _FORMATS[kind], value)

    def header(self) -> bytes:
        out = [b"GGUF", self.number(self.version, "I")]
        out.append(self.count(len(self.tensors) if self.tensor_count is None else self.tensor_count))
        out.append(self.count(len(self.pairs) if self.key_count is None else self.key_count))
        out += [self.text(key) + self.number(kind, "I") + self.value(kind, value) for key, kind, value in self.pairs]
        at = 0
        for name, dimensions, kind, data in self.tensors:
            out.append(self.text(name) + self.number(len(dimensions), "I"))
            out += [self.count(dimension) for dimension in dimensions]
            out.append(self.number(kind, "I") + self.number(self.offsets.get(name, at)))
            at += self.padded(len(data))
        return b"".join(out)

    def padded(self, size: int) -> int:
        return -(-size // self.alignment) * self.alignment

    def build(self) -> bytes:
        header = self.header()
        out = [header.ljust(self.padded(len(header)), b"\0")]
        out += [data.ljust(self.padded(len(data)), b"\0") for _, _, _, data in self.tensors]
        return b"".join(out) + self.tail


class Raw(bytes):
    """Bytes written as the value, whatever its type."""


def floats(count: int) -> bytes:
    return struct.pack(f"<{count}f", *[0.5] * count)


def small(*pairs, **changes) -> GgufFile:
    """Return an honest two-tensor model with `pairs` after the usual ones."""
    file = GgufFile(
        pairs=[
            ("general.architecture", STRING, "llama"),
            ("general.name", STRING, "Tiny"),
            ("general.license", STRING, "apache-2.0"),
            ("llama.context_length", U32, 2048),
            ("tokenizer.ggml.model", STRING, "gpt2"),
            ("tokenizer.ggml.tokens", ARRAY, (STRING, ["a", "b", "ab"])),
            ("tokenizer.ggml.scores", ARRAY, (F32, [0.0, 1.0, 2.0])),
            *pairs,
        ],
        tensors=[
            ("token_embd.weight", (8, 4), 0, floats(32)),
            ("blk.0.attn_q.weight", (8, 8), 0, floats(64)),
            ("output_norm.weight", (8,), 0, floats(8)),
        ],
    )
    for name, value in changes.items():
        setattr(file, name, value)
    return file
