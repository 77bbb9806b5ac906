"""Image manifests and the blobs they name: what an OCI layout and Docker's model store have in common.

Source: OCI Image Specification 1.1, "Image Manifest" and "Image Layout"; media types of model layers from
docker/model-runner `pkg/distribution/types` and the CNCF ModelPack specification.
"""

import re
from collections.abc import Iterator
from typing import Any

from weighbridge.discover.folder import claimed, declared, join, listed, small_file, small_json, text
from weighbridge.discover.probe import Candidate
from weighbridge.host.machine import Machine
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Unexamined

_TITLE = "org.opencontainers.image.title"
_LICENSES = "org.opencontainers.image.licenses"
_SOURCE = "org.opencontainers.image.source"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def digest_path(machine: Machine, folder: bytes, digest: object) -> bytes | None:
    """Return `folder/sha256/<hex>` for `sha256:<hex>`, None for anything else."""
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        return None
    return join(machine, folder, b"sha256", digest[7:].encode())


def model_layers(
    machine: Machine, blobs: bytes, manifest: dict[str, Any], store: str, name: str | None
) -> Iterator[Candidate | Unexamined]:
    """Yield every layer of `manifest` that is a blob, with what manifest and configuration say of it.

    Args:
        machine: where.
        blobs: folder of blobs.
        manifest: a parsed image manifest.
        store: store id.
        name: what the store calls the model.
    """
    layers = [layer for layer in listed(manifest.get("layers")) if isinstance(layer, dict)]
    facts = (*_named(name, store), *_annotated(manifest), *_configured(machine, blobs, manifest))
    for layer in layers:
        if "license" in str(layer.get("mediaType", "")).lower():
            facts = (*facts, *_license(machine, blobs, layer))
    for layer in layers:
        path = digest_path(machine, blobs, layer.get("digest"))
        if path is None or "license" in str(layer.get("mediaType", "")).lower():
            continue
        title = text(_annotations(layer).get(_TITLE))
        yield Candidate(
            path=path,
            store=store,
            store_name=name if name is not None else title,
            claimed_sha256=claimed(layer.get("digest")),
            facts=facts,
        )


def _named(name: str | None, store: str) -> Iterator[Fact]:
    if name is not None:
        yield declared("name", name, f"{store} index")


def _annotated(manifest: dict[str, Any]) -> Iterator[Fact]:
    for key, fact in ((_LICENSES, "license"), (_SOURCE, "source_url")):
        value = text(_annotations(manifest).get(key))
        if value is not None:
            yield declared(fact, value[:500], f"manifest annotation {key}")


def _configured(machine: Machine, blobs: bytes, manifest: dict[str, Any]) -> Iterator[Fact]:
    """Yield what Docker's (`config`) and ModelPack's (`descriptor`, `config`) configurations say."""
    reference = manifest.get("config")
    path = digest_path(machine, blobs, reference.get("digest")) if isinstance(reference, dict) else None
    content = small_json(machine, path) if path is not None else {}
    if isinstance(content, Unexamined):
        return
    inner = content.get("config")
    descriptor = content.get("descriptor")
    if isinstance(inner, dict):
        for key in ("architecture", "quantization"):
            value = text(inner.get(key))
            if value is not None:
                yield declared(key, value[:200], f"model configuration config.{key}")
    if isinstance(descriptor, dict):
        for key, fact in (("version", "version"), ("sourceURL", "source_url")):
            value = text(descriptor.get(key))
            if value is not None:
                yield declared(fact, value[:500], f"model configuration descriptor.{key}")
        for value in listed(descriptor.get("licenses"))[:20]:
            if text(value) is not None:
                yield declared("license", value[:200], "model configuration descriptor.licenses")


def _license(machine: Machine, blobs: bytes, layer: dict[str, Any]) -> Iterator[Fact]:
    path = digest_path(machine, blobs, layer.get("digest"))
    content = small_file(machine, path, 1 << 20) if path is not None else b""
    if not isinstance(content, Unexamined):
        lines = [line.strip() for line in content[:4000].decode("utf-8", "replace").splitlines() if line.strip()]
        if lines:
            digest = claimed(layer.get("digest")) or ""
            yield declared("license", " ".join(lines[:2])[:200], f"license layer sha256:{digest[:12]}")
            yield declared("license.text.sha256", digest, f"license layer sha256:{digest[:12]}")


def _annotations(holder: dict[str, Any]) -> dict[str, Any]:
    annotations = holder.get("annotations")
    return annotations if isinstance(annotations, dict) else {}


def described_blob(store: str, _folder: bytes, path: bytes) -> Candidate:
    """Return what the name of a blob says of it: `sha256/<hex>` claims a digest."""
    name = path.replace(b"\\", b"/").rpartition(b"/")[2].decode("ascii", "replace")
    return Candidate(path=path, store=store, claimed_sha256=claimed(name))
