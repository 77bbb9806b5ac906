"""Which files a pushed manifest holds, if it is one of a model: of Ollama, ModelPack, KitOps, Docker, or files by ORAS.

Raw layers are the files themselves. Layers that are archives (KitOps) hold files, and are unpacked. Other images and
artifacts are no models: nothing becomes of them. Sources: those of `media_types`; Ollama, `server/images.go`
(`GetModel`); ORAS, "Pushing artifacts" (a layer's title is the name of its file).
"""

from weighbridge.hub.manifest_ollama import SETTINGS_FILE
from weighbridge.hub.media_types import (
    DOCKER_CONFIG,
    DOCKER_MODEL,
    FILE_PATH,
    KITOPS,
    MODELPACK,
    MODELPACK_LAYER,
    OLLAMA,
    TITLE,
    packing,
)
from weighbridge.hub.pushed_manifest import Descriptor, Manifest, refused
from weighbridge.model.record import record

_OLLAMA_NAMES = {
    "model": "model.gguf",
    "projector": "mmproj.gguf",
    "adapter": "adapter.gguf",
    "template": "template",
    "prompt": "template",
    "system": "system",
    "params": "params",
    "messages": "messages",
    "license": "LICENSE",
}
_DOCKER_NAMES = {
    "gguf": "model.gguf",
    "safetensors": "model.safetensors",
    "mmproj": "mmproj.gguf",
    "license": "LICENSE",
    "chat": "chat_template.jinja",
}


@record
class Layer:
    """A layer, and the file that it is; without a path an archive of files."""

    digest: str
    size: int
    path: str
    packed: str = ""
    """`tar`, `tar+gzip`, `tar+zstd`; empty for a file."""


def layers_of(manifest: Manifest) -> list[Layer]:
    """Return what a model is made of; nothing for a manifest that is not one of a model.

    Raises:
        WeighbridgeError: `E-oci-manifest` for a model whose layers cannot be files.
    """
    if manifest.subject is not None or manifest.config is None or not manifest.layers:
        return []
    config = manifest.config.media_type
    is_ollama = any(one.media_type.startswith(OLLAMA) for one in manifest.layers)
    known = (
        is_ollama or manifest.artifact_type == MODELPACK or config.startswith((MODELPACK_LAYER, KITOPS, DOCKER_MODEL))
    )
    if not known and not any(_named(one) for one in manifest.layers):
        return []
    found: dict[str, Layer] = {}
    packed: list[Layer] = []
    for one in manifest.layers:
        if one.urls:
            raise refused("a layer of a model lies elsewhere")
        layer = _layer(one, found)
        if layer.packed:
            packed.append(layer)
            continue
        if layer.path in found and found[layer.path].digest != layer.digest:
            raise refused(f"two layers are the file {layer.path[:100]!r}")
        found[layer.path] = layer
    if is_ollama and config == DOCKER_CONFIG:
        found[SETTINGS_FILE] = Layer(digest=manifest.config.digest, size=manifest.config.size, path=SETTINGS_FILE)
    return [*found.values(), *packed]


def _layer(one: Descriptor, before: dict[str, Layer]) -> Layer:
    if packed := packing(one.media_type, one.annotations):
        return Layer(digest=one.digest, size=one.size, path="", packed=packed)
    if _named(one):
        return Layer(digest=one.digest, size=one.size, path=_named(one))
    return Layer(digest=one.digest, size=one.size, path=_derived(one, before))


def _named(one: Descriptor) -> str:
    return one.annotations.get(FILE_PATH) or one.annotations.get(TITLE) or ""


def _derived(one: Descriptor, before: dict[str, Layer]) -> str:
    """Return the name of a file whose layer says only its kind."""
    if one.media_type.startswith(OLLAMA):
        kind, names = one.media_type.removeprefix(OLLAMA), _OLLAMA_NAMES
    else:
        kind, names = one.media_type.removeprefix(DOCKER_MODEL).partition(".")[0], _DOCKER_NAMES
    name = names.get(kind)
    if name is None:
        raise refused(f"a layer of the type {one.media_type[:200]} is no file of a model")
    stem, dot, ending = name.partition(".")
    number = 1
    while name in before and before[name].digest != one.digest:
        number += 1
        name = f"{stem}-{number}{dot}{ending}"
    return name
