"""Files to measure on, written by code into a scratch folder."""

import io
import json
import os
import pickle
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1 << 20


def opcodes(path: Path) -> None:
    """10 MB of one-byte opcodes: the dearest honest bytes that a pickle can hold."""
    path.write_bytes(b"\x80\x04(" + b"N" * (10 * MEGABYTE) + b"l.")


def torch_zip(path: Path, size: int = 537_000_000) -> None:
    """A PyTorch ZIP: a state dictionary over `size` bytes of weights in 8 storages."""
    count = 8
    each = size // count // 4 * 4
    data = b"\x80\x02}q\x00("
    for number in range(count):
        key = str(number).encode()
        data += b"X" + struct.pack("<I", len(key) + 1) + b"w" + key
        data += b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n"
        data += (
            b"X" + struct.pack("<I", len(key)) + key + b"X\x03\x00\x00\x00cpuJ" + struct.pack("<i", each // 4) + b"tQ"
        )
        data += b"K\x00J" + struct.pack("<i", each // 4) + b"\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
    zeros = bytes(MEGABYTE)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", data + b"u.")
        archive.writestr("archive/version", b"3\n")
        archive.writestr("archive/byteorder", b"little")
        for number in range(count):
            with archive.open(zipfile.ZipInfo(f"archive/data/{number}"), "w", force_zip64=True) as storage:
                for start in range(0, each, MEGABYTE):
                    storage.write(zeros[: min(MEGABYTE, each - start)])


def safetensors(path: Path, size: int = 1 << 30) -> None:
    """A safetensors file of `size` bytes of weights that the disk does not really hold."""
    each = size // 64
    header = {
        f"model.layers.{number}.weight": {
            "dtype": "F16",
            "shape": [each // 2],
            "data_offsets": [number * each, (number + 1) * each],
        }
        for number in range(64)
    }
    text = json.dumps({"__metadata__": {"format": "pt"}} | header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + 64 * each)


def gguf(path: Path, size: int = 1 << 30, vocabulary: int = 128_000) -> None:
    """A GGUF file with a large vocabulary and `size` bytes of weights that the disk does not really hold."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    tokens = b"".join(text(f"token{number}") for number in range(vocabulary))
    keys = [
        text("general.architecture") + struct.pack("<I", 8) + text("llama"),
        text("general.name") + struct.pack("<I", 8) + text("Measured"),
        text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, vocabulary) + tokens,
        text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, vocabulary) + bytes(4 * vocabulary),
    ]
    each = size // 64 // 32 * 32
    tensors = b"".join(
        text(f"blk.{number}.weight") + struct.pack("<IQIQ", 1, each // 2, 1, number * each) for number in range(64)
    )
    header = b"GGUF" + struct.pack("<IQQ", 3, 64, len(keys)) + b"".join(keys) + tensors
    with path.open("wb") as file:
        file.write(header + bytes(-len(header) % 32))
        file.truncate(len(header) + -len(header) % 32 + 64 * each)


def tree(folder: Path, files: int = 50_000, models: int = 200) -> None:
    """A home folder: `files` files of many kinds in some 2,500 folders, and `models` model files among them."""
    noise = random.Random(20)
    endings = (".py", ".txt", ".json", ".js", ".png", ".md", ".c", ".bin", ".log", ".dat", "")
    written = 0
    while written < files:
        place = folder / f"project{written // 2000}" / f"part{written // 20 % 100}"
        place.mkdir(parents=True, exist_ok=True)
        for _ in range(20):
            ending = noise.choice(endings)
            size = int(noise.paretovariate(0.9) * 300) % 60_000
            text = ending in (".py", ".txt", ".json", ".js", ".md", ".c", ".log")
            content = (b"some words of text in a file\n" * (size // 29 + 1))[:size] if text else noise.randbytes(size)
            (place / f"file{written}{ending}").write_bytes(content)
            written += 1
    for number in range(models):
        place = folder / f"models{number % 10}"
        place.mkdir(exist_ok=True)
        kind, write = _SMALL[number % len(_SMALL)]
        (place / f"model{number}{kind}").write_bytes(write(number))


def _small_torch(number: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"epoch": number}, 2))
        archive.writestr("archive/version", b"3\n")
    return packed.getvalue()


def _small_safetensors(number: int) -> bytes:
    text = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    return len(text).to_bytes(8, "little") + text + struct.pack("<4f", *[number] * 4)


def _small_gguf(number: int) -> bytes:
    value = f"model {number}".encode()
    return b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 12) + b"general.name" + struct.pack("<IQ", 8, len(value)) + value


_SMALL: tuple[tuple[str, Callable[[int], bytes]], ...] = (
    (".pkl", lambda number: pickle.dumps({"weights": list(range(100)), "n": number})),
    (".pt", _small_torch),
    (".safetensors", _small_safetensors),
    (".gguf", _small_gguf),
    (".pkl.z", lambda number: zlib.compress(pickle.dumps([number] * 50))),
)

BUILDERS: dict[str, Callable[[Path], None]] = {
    "opcodes.pkl": opcodes,
    "weights.pt": torch_zip,
    "weights.safetensors": safetensors,
    "weights.gguf": gguf,
}


def build(folder: Path) -> dict[str, Path]:
    """Write every input that is not there yet. Returns name -> path; `tree` is a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in BUILDERS.items():
        if not (folder / name).exists():
            write(folder / name)
    if not (folder / "tree" / "project0").exists():
        tree(folder / "tree")
    os.sync()
    return {name: folder / name for name in (*BUILDERS, "tree")}
