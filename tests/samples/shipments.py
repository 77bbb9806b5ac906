"""What builds ship, made in code: wheels, saved and unpacked images, Git LFS pointers."""

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

from tests.samples.safetensors_file import small
from weighbridge.pipeline.demo_files import call_pickle

CARD = b"---\nlicense: %b\n---\n# Model\n"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\nsize 123456\n"
MALICIOUS = call_pickle("posix", "system", "echo")


def tar(files: dict[str, bytes]) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive, as wheels are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def docker_save(*layers: bytes) -> bytes:
    """Return what `docker save` writes."""
    names = [f"{number}/layer.tar" for number in range(1, len(layers) + 1)]
    manifest = [{"Config": "config.json", "RepoTags": ["app:1"], "Layers": names}]
    files = {
        "manifest.json": json.dumps(manifest).encode(),
        "config.json": b"{}",
        **dict(zip(names, layers, strict=True)),
    }
    return tar(files)


def oci_layout(*layers: bytes, packed: bool = True) -> dict[str, bytes]:
    """Return the files of an OCI image layout."""
    files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def blob(content: bytes) -> dict[str, str]:
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}"}

    listed = [blob(gzip.compress(layer, mtime=0) if packed else layer) for layer in layers]
    manifest = blob(json.dumps({"schemaVersion": 2, "layers": listed}).encode())
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    return files


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files and return the folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


LOWER = tar({"opt/m/model.safetensors": small(), "opt/m/README.md": CARD % b"apache-2.0", "opt/bad.pkl": MALICIOUS})
UPPER = tar({"opt/.wh.bad.pkl": b"", "etc/x": b"text"})
