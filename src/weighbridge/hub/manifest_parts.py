"""Pieces that manifests are made of. The same release gives the same bytes each time, wherever it is made."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from weighbridge.hub.media_types import EMPTY, OCI_EMPTY, OCI_MANIFEST
from weighbridge.model.record import record

LARGEST_MANIFEST = 4 << 20
"""Bytes that clients and registries are expected to take. Source: OCI distribution 1.1, "Pushing Manifests"."""


@record
class Made:
    """A manifest, and the small contents that it points to which are no files of the release."""

    kind: str
    media_type: str
    content: bytes
    tags: tuple[str, ...] = ()
    artifact_type: str = ""
    subject: str = ""
    """Digest of the manifest that this one is about; empty for none."""
    contents: tuple[bytes, ...] = ()

    @property
    def digest(self) -> str:
        """`sha256:…` of the content."""
        return digest_of(self.content)

    @property
    def described_contents(self) -> dict[str, bytes]:
        """The small contents by digest."""
        return {digest_of(content): content for content in self.contents}


def digest_of(content: bytes) -> str:
    """Return `sha256:…` of some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def encoded(value: object) -> bytes:
    """Return JSON that is always the same for the same value."""
    return msgspec.json.encode(value)


def descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    """Return what points to some bytes."""
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}


def attached(
    subject: Mapping[str, Any],
    artifact_type: str,
    layer: Mapping[str, Any] | None,
    content: bytes,
    annotations: Mapping[str, str],
) -> Made:
    """Return a manifest about another: a bill of materials, a signature, an assessment.

    Args:
        subject: descriptor of what it is about.
        artifact_type: what it is.
        layer: descriptor of the bill itself; None for one that says all in its annotations.
        content: its bytes; empty where they are a file of the release.
        annotations: shown in lists of referrers.

    Source: OCI image-spec 1.1, "Guidelines for Artifact Usage".
    """
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": descriptor(OCI_EMPTY, EMPTY),
        "layers": [layer or descriptor(OCI_EMPTY, EMPTY)],
        "subject": {name: subject[name] for name in ("mediaType", "digest", "size")},
        "annotations": dict(annotations),
    }
    return Made(
        kind="referrer",
        media_type=OCI_MANIFEST,
        content=encoded(manifest),
        artifact_type=artifact_type,
        subject=subject["digest"],
        contents=(EMPTY, content) if content else (EMPTY,),
    )
