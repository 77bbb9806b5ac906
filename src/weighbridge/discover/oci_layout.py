"""An OCI image layout anywhere: `oci-layout`, `index.json`, `blobs/sha256/<hex>`.

Source: OCI Image Specification 1.1, "Image Layout". Models travel in it as ModelPack, Ollama or Docker artifacts, and
as plain layers.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from weighbridge.discover.folder import join, small_json, text
from weighbridge.discover.oci_blobs import described_blob, digest_path, model_layers
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined

_STORE = "oci-layout"
_NAME = "org.opencontainers.image.ref.name"
_MOST_MANIFESTS = 2000


def _roots(_machine: Machine) -> tuple[bytes, ...]:
    return ()


def _looks_like(_machine: Machine, _folder: bytes, names: frozenset[bytes]) -> bool:
    return {b"oci-layout", b"index.json", b"blobs"} <= names


def _explore(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    blobs = join(machine, folder, b"blobs")
    waiting: list[tuple[bytes, str | None]] = [(join(machine, folder, b"index.json"), None)]
    seen: set[bytes] = set()
    while waiting and len(seen) < _MOST_MANIFESTS:
        path, name = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        manifest = small_json(machine, path)
        if isinstance(manifest, Unexamined):
            yield manifest
        elif isinstance(manifest.get("manifests"), list):
            for entry in manifest["manifests"]:
                inner = digest_path(machine, blobs, entry.get("digest")) if isinstance(entry, dict) else None
                if inner is not None:
                    waiting.append((inner, _name(entry) or name))
        else:
            yield from model_layers(machine, blobs, manifest, _STORE, name)


def _name(entry: dict[str, Any]) -> str | None:
    annotations = entry.get("annotations")
    return text(annotations.get(_NAME)) if isinstance(annotations, dict) else None


PROBE = Probe(
    id=_STORE,
    title="OCI image layout",
    declaration=Declaration(
        reads=("**/oci-layout", "**/index.json", "**/blobs/sha256/*"),
        purpose="Reads the manifests of an OCI image layout, for the names and claimed digests of its blobs.",
    ),
    roots=_roots,
    looks_like=_looks_like,
    explore=_explore,
    markers=frozenset({b"oci-layout"}),
    describe=partial(described_blob, _STORE),
)
