"""Whether a manifest can be served as somebody pushed it, so that what they pinned and signed goes on to hold.

Only if it says of the release just what the release is: each layer a file of it, under one name. Whatever else it could
make a client do (fetch from elsewhere, write beside its folder) leads to one that is made here.
"""

from collections.abc import Sequence

import msgspec

from weighbridge.hub.manifest_parts import Made
from weighbridge.hub.media_types import FILE_PATH, OCI_MANIFEST, TITLE
from weighbridge.hub.oci_choice import PUSHED
from weighbridge.hub.oci_pushed import PushedManifest
from weighbridge.hub.pushed_manifest import Descriptor, Manifest, read_manifest
from weighbridge.hub.release_files import ReleaseFile

LARGEST_CONFIG = 1 << 20


def config_of(pushed: PushedManifest, files: Sequence[ReleaseFile]) -> Descriptor | None:
    """Return the config of a manifest that can be served as it is; None for one that cannot."""
    if pushed.media_type != OCI_MANIFEST or not pushed.digest.startswith("sha256:"):
        return None
    manifest, _ = read_manifest(pushed.content, pushed.media_type)
    config = manifest.config
    if config is None or config.size > LARGEST_CONFIG or config.urls or not config.digest.startswith("sha256:"):
        return None
    return config if _says_what_is(manifest, files) else None


def is_config(content: bytes) -> bool:
    """Tell whether the bytes of a config are a JSON object.

    They are no file of the release, so nothing looked into them: what is not text for programs goes out to nobody.
    """
    try:
        msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def as_pushed(pushed: PushedManifest, config: bytes) -> Made:
    """Return a manifest as it was pushed, with the bytes of its config."""
    return Made(
        kind=PUSHED,
        media_type=pushed.media_type,
        content=pushed.content,
        artifact_type=pushed.artifact_type,
        contents=(config,),
    )


def _says_what_is(manifest: Manifest, files: Sequence[ReleaseFile]) -> bool:
    expected = {file.path: (f"sha256:{file.sha256}", file.size) for file in files}
    said: dict[str, tuple[str, int]] = {}
    for layer in manifest.layers:
        names = {layer.annotations[key] for key in (FILE_PATH, TITLE) if key in layer.annotations}
        if layer.urls or len(names) != 1:
            return False
        said[names.pop()] = (layer.digest, layer.size)
    return said == expected and len(manifest.layers) == len(expected)
