"""Every kind of shipment through `wb check`, each with what passes and what must block."""

import bz2
import gzip
import hashlib
import json
import lzma
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import zstandard
from tests.cli_runs import wb
from tests.samples.graphs_build import graph, node, onnx, tensor
from tests.samples.safetensors_file import small
from tests.samples.shipments import CARD, MALICIOUS, POINTER, docker_save, oci_layout, tar, write, zipped

GRAPH = onnx(graph(node("Relu"), tensors=(tensor(location="m.onnx_data", offset="0", length="16"),)))
FREE, UNFREE = CARD % b"apache-2.0", CARD % b"cc-by-nc-4.0"
Files = dict[str, bytes]


def below(folder: str, files: Mapping[str, bytes]) -> Files:
    return {f"{folder}/{name}": content for name, content in files.items()}


def new_docker_save(*layers: bytes) -> bytes:
    """Return what `docker save` writes since version 25: an OCI layout with the old manifest beside it."""
    files = oci_layout(*layers)
    index = json.loads(files["index.json"])
    manifest = json.loads(files["blobs/sha256/" + index["manifests"][0]["digest"].partition(":")[2]])
    names = ["blobs/sha256/" + layer["digest"].partition(":")[2] for layer in manifest["layers"]]
    files["manifest.json"] = json.dumps([{"Config": "x", "RepoTags": ["app:1"], "Layers": names}]).encode()
    return tar(files)


def zstd_layout(*layers: bytes) -> Files:
    return oci_layout(*map(zstandard.compress, layers), packed=False)


KINDS: dict[str, Callable[[Files], Files]] = {
    "folder": lambda files: files,
    "repository": lambda files: {".git/HEAD": b"ref: refs/heads/main\n", **below("src/app", files)},
    "wheel": lambda files: {
        "app-1.0-py3-none-any.whl": zipped({**below("app", files), "app-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\n"})
    },
    "sdist": lambda files: {
        "app-1.0.tar.gz": gzip.compress(
            tar({"app-1.0/PKG-INFO": b"Name: app\n", "app-1.0/pyproject.toml": b"", **below("app-1.0/app", files)})
        )
    },
    "npm": lambda files: {
        "app-1.0.0.tgz": gzip.compress(tar({"package/package.json": b'{"name": "app"}', **below("package", files)}))
    },
    "tar.xz": lambda files: {"a.tar.xz": lzma.compress(tar(below("a", files)))},
    "tar.bz2": lambda files: {"a.tar.bz2": bz2.compress(tar(below("a", files)))},
    "tar.zst": lambda files: {"a.tar.zst": zstandard.compress(tar(below("a", files)))},
    "docker save": lambda files: {"image.tar": docker_save(tar({"etc/x": b"xx"}), tar(below("opt", files)))},
    "new docker save": lambda files: {"image.tar": new_docker_save(tar({"etc/x": b"xx"}), tar(below("opt", files)))},
    "packed docker save": lambda files: {"image.tar.gz": gzip.compress(docker_save(tar(below("opt", files))))},
    "OCI layout": lambda files: oci_layout(tar({"etc/x": b"xx"}), tar(below("opt", files))),
    "OCI layout, zstd": lambda files: zstd_layout(tar(below("opt", files))),
    "rootfs": lambda files: {"etc/os-release": b"ID=debian\n", "bin/sh": b"\x7fELF" + bytes(60), **below("srv", files)},
}


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))


def gate(folder: Path, *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Return the exit code and the artifacts of `wb check`."""
    code, out, _ = wb("check", str(folder), "--format", "json", "--quiet", *options)
    return code, json.loads(out)["artifacts"]


def rules(artifacts: list[dict[str, Any]]) -> set[str]:
    return {rule["id"] for one in artifacts for rule in one["verdict"]["rules"] if rule["id"].startswith("deny-")}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("files", "blocked_by"),
    [
        ({"m.safetensors": small(), "README.md": FREE}, None),
        ({"m.safetensors": small(), "README.md": UNFREE}, "deny-noncommercial"),
        ({"m.safetensors": small()}, "deny-build-unknown-license"),
        ({"weights/m.safetensors": small(), "README.md": UNFREE}, "deny-noncommercial"),
        ({"weights/m.safetensors": small(), "README.md": FREE}, None),
        ({"m.bin": MALICIOUS, "README.md": FREE}, "deny-malicious"),
        ({"m.safetensors": POINTER, "README.md": FREE}, "deny-build-incomplete"),
        ({"m.onnx": GRAPH, "m.onnx_data": bytes(16), "README.md": FREE}, None),
        ({"m.onnx": GRAPH, "README.md": FREE}, "deny-build-incomplete"),
        ({"m.onnx": GRAPH, "sub/m.onnx_data": bytes(16), "README.md": FREE}, "deny-build-incomplete"),
    ],
    ids=["free", "unfree", "silent", "unfree above", "free above", "malicious", "lfs", "onnx", "onnx alone", "astray"],
)
def test_what_ships(tmp_path: Path, kind: str, files: Files, blocked_by: str | None) -> None:
    code, artifacts = gate(write(tmp_path / "x", KINDS[kind](files)))
    assert len(artifacts) == 1
    if blocked_by is None:
        assert (code, rules(artifacts)) == (0, set())
    else:
        assert code == 21
        assert blocked_by in rules(artifacts)


def test_a_pointer_is_told_by_what_it_stands_for(tmp_path: Path) -> None:
    code, out, _ = wb("check", str(write(tmp_path / "x", {"m.safetensors": POINTER})), "--quiet")
    assert code == 21
    assert "git lfs pull" in out


def test_data_that_is_a_pointer_is_missing_data(tmp_path: Path) -> None:
    code, artifacts = gate(write(tmp_path / "x", {"m.onnx": GRAPH, "m.onnx_data": POINTER, "README.md": FREE}))
    assert code == 21
    assert "deny-build-incomplete" in rules(artifacts)


def test_data_in_another_layer_is_not_missing(tmp_path: Path) -> None:
    lower = tar({"opt/m.onnx": GRAPH, "opt/README.md": FREE})
    image = docker_save(lower, tar({"opt/m.onnx_data": bytes(16)}))
    code, artifacts = gate(write(tmp_path / "x", {"image.tar": image}))
    assert (code, rules(artifacts)) == (0, set())


@pytest.mark.parametrize("save", [docker_save, new_docker_save], ids=["old", "new"])
@pytest.mark.parametrize(
    ("upper", "told"),
    [
        ({"opt/m/.wh.bad.pkl": b""}, "deleted in layer 2, and it still ships in layer 1"),
        ({"opt/.wh.m": b""}, "deleted in layer 2, and it still ships in layer 1"),
        ({"opt/m/.wh..wh..opq": b""}, "deleted in layer 2, and it still ships in layer 1"),
        ({"opt/m/bad.pkl": b"harmless"}, "replaced in layer 2, and it still ships in layer 1"),
        ({"opt/m/other.pkl": b"harmless"}, None),
    ],
    ids=["file", "folder", "opaque", "replaced", "other"],
)
def test_what_a_later_layer_deletes_still_ships(
    tmp_path: Path, save: Callable[..., bytes], upper: Files, told: str | None
) -> None:
    image = save(tar({"opt/m/bad.pkl": MALICIOUS}), tar(upper))
    folder = write(tmp_path / "x", {"image.tar": image})
    code, artifacts = gate(folder)
    assert code == 21
    assert "deny-malicious" in rules(artifacts)
    _, out, _ = wb("check", str(folder), "--quiet")
    flat = " ".join(out.split())
    assert told in flat if told is not None else "still ships" not in flat
    assert hashlib.sha256(MALICIOUS).hexdigest() in {one["sha256"] for one in artifacts}
