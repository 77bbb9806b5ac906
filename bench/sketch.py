"""Sketches of files shaped like a model of 7 billion parameters: user time, bytes kept, bytes and reads.

`python -m bench.sketch` writes sparse files (real headers, no data on disk beyond the norms and samples are zero) with
32 layers of 4,096 channels, as GGUF in Q4_0 and F16 and as safetensors in BF16.
"""

import json
import os
import resource
import statistics
import struct
import tempfile
from pathlib import Path

from bench.paired import save

from weighbridge.host.real import RealMachine
from weighbridge.lineage.compare import compare
from weighbridge.lineage.sketch import sketch
from weighbridge.lineage.sketch_text import to_bytes

LAYERS, HIDDEN, FEED, VOCABULARY = 32, 4096, 14336, 32000
ROUNDS = 7
SAMPLED = bytes(range(1, 200)) * 64


class Counting:
    """A source that counts what is read."""

    def __init__(self, source) -> None:
        self.source, self.size, self.name = source, source.size, source.name
        self.reads = self.bytes = 0

    def read(self, offset: int, length: int) -> bytes:
        content = self.source.read(offset, length)
        self.reads += 1
        self.bytes += len(content)
        # A hole reads as zeros, which a sketch would leave out early: the work must be that of real weights.
        return content if content.strip(b"\0") else (SAMPLED * (length // len(SAMPLED) + 1))[:length]


def shapes() -> dict[str, tuple[int, ...]]:
    """Return name and shape of every tensor."""
    found = {"token_embd.weight": (VOCABULARY, HIDDEN), "output.weight": (VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        for role in ("attn_q", "attn_k", "attn_v", "attn_output"):
            found[f"blk.{layer}.{role}.weight"] = (HIDDEN, HIDDEN)
        for role in ("ffn_gate", "ffn_up"):
            found[f"blk.{layer}.{role}.weight"] = (FEED, HIDDEN)
        found[f"blk.{layer}.ffn_down.weight"] = (HIDDEN, FEED)
        for role in ("attn_norm", "ffn_norm"):
            found[f"blk.{layer}.{role}.weight"] = (HIDDEN,)
    found["output_norm.weight"] = (HIDDEN,)
    return found


def gguf(path: Path, number: int, block: int, size: int) -> None:
    """Write a sparse GGUF file with matrices of tensor type `number`."""
    table, at = [], 0
    for name, shape in shapes().items():
        elements = shape[0] * (shape[1] if len(shape) > 1 else 1)
        kind, length = (number, elements // block * size) if len(shape) > 1 else (0, 4 * elements)
        raw = name.encode()
        dimensions = struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        table.append(struct.pack("<Q", len(raw)) + raw + dimensions + struct.pack("<IQ", kind, at))
        at += -(-length // 32) * 32
    key = b"general.architecture"
    pair = struct.pack("<Q", len(key)) + key + struct.pack("<IQ", 8, 5) + b"llama"
    header = b"GGUF" + struct.pack("<IQQ", 3, len(table), 1) + pair + b"".join(table)
    _sparse(path, header.ljust(-(-len(header) // 32) * 32, b"\0"), at)


def safetensors(path: Path) -> None:
    """Write a sparse safetensors file in BF16."""
    table, at = {}, 0
    for name, shape in shapes().items():
        length = 2 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        table[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [at, at + length]}
        at += length
    text = json.dumps(table).encode()
    _sparse(path, struct.pack("<Q", len(text)) + text, at)


def _sparse(path: Path, header: bytes, data: int) -> None:
    with path.open("wb") as file:
        file.write(header)
        file.truncate(len(header) + data)


def measured(path: Path) -> dict[str, float]:
    """Return the cost of a sketch of the file at `path`."""
    times = []
    for _ in range(ROUNDS):
        source = RealMachine().open(os.fsencode(path))
        counting = Counting(source)
        before = resource.getrusage(resource.RUSAGE_SELF)
        made = sketch([counting])
        after = resource.getrusage(resource.RUSAGE_SELF)
        times.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
        source.close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    compare(made, made)
    return {
        "ms": round(statistics.median(times), 1),
        "kept_bytes": len(to_bytes(made)),
        "matrices": len(made.names),
        "reads": counting.reads,
        "read_bytes": counting.bytes,
        "compare_ms": round(1000 * (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before), 1),
    }


def main() -> None:
    """Measure and save."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("f16.gguf", "q4_0.gguf", "q4_k.gguf", "bf16.safetensors")}
        gguf(files["f16.gguf"], 1, 1, 2)
        gguf(files["q4_0.gguf"], 2, 32, 18)
        gguf(files["q4_k.gguf"], 12, 256, 144)
        safetensors(files["bf16.safetensors"])
        results = {name: measured(path) for name, path in files.items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for name, result in results.items():
        print(name, result)
    print(f"peak memory of the process: {peak} MB")
    save("sketch", {"files": results, "peak_mb": peak})


if __name__ == "__main__":
    main()
