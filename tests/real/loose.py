"""What people do to model files: copy, rename, strip the ending, link, pack."""

import bz2
import gzip
import io
import lzma
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import lz4.frame
import zstandard


def scatter(written: Path, home: Path, kinds: dict[str, str]) -> dict[Path, str]:
    """Copy and link written files under names that say nothing. Returns path -> kind."""
    downloads = home / "Downloads"
    downloads.mkdir()
    copies = {
        "weights": "safetensors/model.safetensors",
        "holiday.jpg": "gguf/tiny-q8_0.gguf",
        "notes.txt": "pickle/plain-protocol0.pkl",
        "backup.old": "onnx/inline.onnx",
        "data.bin": "torch/state_dict.pt",
        "estimator": "sklearn/forest.pkl",
        "network.dat": "keras/model.h5",
        "blob": "torch/legacy.pt",
    }
    expected = {}
    for name, origin in copies.items():
        if origin in kinds:
            shutil.copyfile(written / origin, downloads / name)
            expected[downloads / name] = kinds[origin]
    odd = downloads / os.fsdecode(b"gr\xf6\xdfe.gguf")
    shutil.copyfile(written / "gguf/tiny-f16.gguf", odd)
    expected[odd] = "data"
    backup = home / "backup"
    backup.mkdir()
    os.link(downloads / "weights", backup / "hard-link.safetensors")
    expected[backup / "hard-link.safetensors"] = "data"
    return expected


def pack(written: Path, home: Path, kinds: dict[str, str]) -> dict[tuple[Path, str], str]:
    """Pack written files into every kind of archive. Returns (archive, member) -> kind."""
    archives = home / "archives"
    archives.mkdir()
    origins = ["gguf/tiny-q8_0.gguf", "pickle/plain-protocol4.pkl", "torch/state_dict.pt", "sklearn/forest.pkl"]
    origins = [origin for origin in origins if origin in kinds]
    expected: dict[tuple[Path, str], str] = {}
    with zipfile.ZipFile(archives / "models.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", "models of last year")
        for origin in origins:
            archive.write(written / origin, origin)
            expected[archives / "models.zip", origin] = kinds[origin]
    for name, mode in (("models.tar", "w"), ("models.tar.gz", "w:gz"), ("models.tar.xz", "w:xz")):
        with tarfile.open(archives / name, mode) as archive:
            for origin in origins:
                archive.add(written / origin, origin)
                expected[archives / name, origin] = kinds[origin]
    inner = (archives / "models.zip").read_bytes()
    with tarfile.open(archives / "nested.tar.bz2", "w:bz2") as archive:
        member = tarfile.TarInfo("old/models.zip")
        member.size = len(inner)
        archive.addfile(member, io.BytesIO(inner))
    expected |= {(archives / "nested.tar.bz2", "old/models.zip!/" + origin): kinds[origin] for origin in origins}
    weights = (written / "gguf/tiny-q8_0.gguf").read_bytes()
    for ending, compress in (
        ("gz", gzip.compress),
        ("bz2", bz2.compress),
        ("xz", lzma.compress),
        ("lz4", lz4.frame.compress),
        ("zst", zstandard.compress),
    ):
        place = archives / f"tiny-{ending}.gguf.{ending}"
        place.write_bytes(compress(weights))
        expected[place, "*"] = "data"
    return expected
