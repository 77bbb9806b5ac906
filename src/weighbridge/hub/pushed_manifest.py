"""Reads a manifest that somebody sends: which kind it is, and what it points to.

Source: OCI image-spec 1.1, "Image Manifest", "Image Index", "Content Descriptors"; OCI distribution 1.1, "Pushing
Manifests".
"""

import re

import msgspec
from msgspec import Struct, field

from weighbridge.hub import media_types
from weighbridge.model.errors import WeighbridgeError

LARGEST = 5 << 20
"""Bytes."""
_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}", re.ASCII)


class Descriptor(Struct, kw_only=True, rename="camel"):
    """What a manifest points to."""

    media_type: str
    digest: str
    size: int
    annotations: dict[str, str] = {}
    urls: list[str] = []
    """Where else it lies; empty for what the registry holds."""


class Manifest(Struct, kw_only=True, rename="camel"):
    """A manifest of an image or artifact, or an index of such."""

    schema_version: int
    media_type: str = ""
    artifact_type: str = ""
    config: Descriptor | None = None
    layers: list[Descriptor] = []
    manifests: list[Descriptor] = []
    subject: Descriptor | None = None
    annotations: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What it is, as lists of referrers say; empty for an index that does not say."""
        return self.artifact_type or (self.config.media_type if self.config is not None else "")


def read_manifest(content: bytes, content_type: str) -> tuple[Manifest, str]:
    """Return a manifest and its media type.

    Args:
        content: as it was sent.
        content_type: the header, with whatever parameters.

    Raises:
        WeighbridgeError: `E-oci-manifest`.
    """
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise refused(f"it is not one: {str(error)[:200]}") from error
    said = content_type.partition(";")[0].strip().lower()
    media_type = said or manifest.media_type
    if media_type not in media_types.MANIFESTS:
        raise refused(f"its type is {media_type[:200]!r}")
    if manifest.media_type and manifest.media_type != media_type:
        raise refused(f"it calls itself {manifest.media_type[:200]!r}, and is sent as {media_type!r}")
    if manifest.schema_version != 2:
        raise refused(f"its schema is {manifest.schema_version}")
    if media_type in media_types.IMAGES and (manifest.config is None or manifest.manifests):
        raise refused("an image has a config and no manifests")
    if media_type in media_types.INDEXES and (manifest.config is not None or manifest.layers):
        raise refused("an index has manifests and no config or layers")
    _check(manifest)
    return manifest, media_type


def refused(why: str) -> WeighbridgeError:
    """Return the error for a manifest that is not taken."""
    return WeighbridgeError("E-oci-manifest", f"this manifest is not taken: {why}", "send one of OCI, Docker or Ollama")


def _check(manifest: Manifest) -> None:
    pointed = [*manifest.layers, *manifest.manifests, manifest.config, manifest.subject]
    for one in pointed:
        if one is not None and (one.size < 0 or not _TYPE.fullmatch(one.media_type) or len(one.digest) > 140):
            raise refused(f"what it points to has no sensible type, digest or size: {one.digest[:80]!r}")
    if manifest.artifact_type and not _TYPE.fullmatch(manifest.artifact_type):
        raise refused("its artifact type is none")
