"""The Ollama manifests of a release: one for each GGUF file, with what stands beside it as layers of their own.

    model.Q4_K_M.gguf   the weights       template   how a conversation is written down
    mmproj-*.gguf       for pictures      system     what the model is told first
    LICENSE             the license       params     settings, as JSON

Sources: Ollama, `server/images.go` and `types/model/config.go`; Hugging Face Hub documentation, "Use Ollama with any
GGUF Model" (which files become layers).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from weighbridge.hub.manifest_parts import Made, descriptor, encoded
from weighbridge.hub.media_types import DOCKER_CONFIG, DOCKER_MANIFEST, OLLAMA
from weighbridge.hub.model_files import Variant, is_adapter, is_license, is_projector, variants
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.model.record import record

KIND = "ollama"
SETTINGS_FILE = "ollama.json"
"""The config that somebody pushed with Ollama, kept as a file so that it is weighed as all others are."""
LARGEST_SETTINGS = 64 << 10
_BESIDE = ("template", "system", "params", "messages")
_KEPT = frozenset(
    {"model_format", "model_family", "model_families", "model_type", "file_type", "renderer", "parser", "requires"}
    | {"capabilities", "context_length", "embedding_length", "base_name"}
)
"""Keys of a pushed config that are passed on. `remote_host` would send every prompt to somebody else."""


@record
class Header:
    """What the header of a GGUF file says; empty where it does not."""

    architecture: str = ""
    parameters: str = ""
    """`7.2B`."""
    file_type: str = ""
    """`Q4_K_M`."""


def ollamas(files: Sequence[ReleaseFile], headers: Mapping[str, Header], settings: bytes = b"") -> list[Made]:
    """Return the manifests of a release for Ollama, the usual one first; none if it has no whole GGUF file.

    Args:
        files: all of them.
        headers: by the path of a GGUF file.
        settings: what `SETTINGS_FILE` holds.
    """
    whole = [one for one in variants(files) if len(one.weights) == 1]
    beside = _beside(files)
    return [_made(one, beside, headers.get(one.weights[0].path, Header()), settings) for one in whole]


def _made(variant: Variant, beside: list[dict[str, Any]], header: Header, settings: bytes) -> Made:
    layers = [_layer("model", variant.weights[0]), *beside]
    config = encoded(
        {
            "model_format": "gguf",
            "model_family": header.architecture,
            "model_families": [header.architecture] if header.architecture else [],
            "model_type": header.parameters,
            "file_type": header.file_type or variant.quantization,
            **_kept(settings),
            "architecture": "amd64",
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": [one["digest"] for one in layers]},
        }
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": descriptor(DOCKER_CONFIG, config),
        "layers": layers,
    }
    return Made(kind=KIND, media_type=DOCKER_MANIFEST, content=encoded(manifest), tags=variant.tags, contents=(config,))


def _beside(files: Sequence[ReleaseFile]) -> list[dict[str, Any]]:
    found = [_layer("projector", file) for file in files if is_projector(file.path)]
    found += [_layer("adapter", file) for file in files if is_adapter(file.path)]
    by_path = {file.path: file for file in files}
    found += [_layer(name, by_path[name]) for name in _BESIDE if name in by_path]
    licenses = [file for file in files if is_license(file.path)]
    return [*found, *(_layer("license", one) for one in licenses)]


def _layer(kind: str, file: ReleaseFile) -> dict[str, Any]:
    return {"mediaType": f"{OLLAMA}{kind}", "digest": f"sha256:{file.sha256}", "size": file.size}


def _kept(settings: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(settings, type=dict[str, Any]) if settings else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return {name: value for name, value in given.items() if name in _KEPT}
