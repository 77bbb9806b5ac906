"""Where the tools of this machine look for models, and how a release comes to stand there without a second copy.

Sources: huggingface_hub, "Understand caching" (blobs, snapshots, refs); lmstudio.ai docs, "Import Models"
(`models/publisher/model/file`); ollama/ollama, `server/manifest.go` (manifests by name, blobs by digest).
"""

import os
from collections.abc import Sequence

from weighbridge.host.machine import Machine
from weighbridge.host.model_store import link_to, place_same, write_whole
from weighbridge.model.record import record
from weighbridge.pipeline.hub_listing import HubFile, HubRelease

WEIGHTS = (".gguf", ".safetensors")


@record
class Placed:
    """A place where a tool finds the model."""

    tool: str
    path: bytes
    how: str
    """What a person types there."""
    shares: bool = True
    """Whether it takes no room beside what the cache holds."""


def huggingface_cache(machine: Machine) -> bytes:
    """Return the folder of the Hugging Face cache, as its own library finds it."""
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if value := machine.environment(name):
            return _expanded(machine, value)
    if home := machine.environment("HF_HOME"):
        return os.path.join(_expanded(machine, home), b"hub")
    if cache := machine.environment("XDG_CACHE_HOME"):
        return os.path.join(_expanded(machine, cache), b"huggingface", b"hub")
    return os.path.join(machine.homes()[0], b".cache", b"huggingface", b"hub")


def repository_folder(cache: bytes, name: str) -> bytes:
    """Return the folder of one model in the Hugging Face cache."""
    return os.path.join(cache, ("models--" + name.replace("/", "--")).encode())


def in_huggingface_cache(repository: bytes, release: HubRelease, files: Sequence[HubFile]) -> Placed:
    """Let a release stand in the cache: links to its blobs, and what its branch means. Raises OSError."""
    snapshot = os.path.join(repository, b"snapshots", release.commit.encode())
    for file in files:
        blob = os.path.join(repository, b"blobs", file.sha256.encode())
        link_to(blob, os.path.join(snapshot, *(part.encode() for part in file.path.split("/"))))
    if release.revision != release.commit:
        reference = os.path.join(repository, b"refs", *(part.encode() for part in release.revision.split("/")))
        write_whole(reference, release.commit.encode())
    pinned = "" if release.revision == "main" else f', revision="{release.revision}"'
    paths = [file.path for file in files]
    weights = next((path for path in paths if path.endswith(".gguf")), "")
    # Without a configuration transformers finds nothing to load; the file is what other tools ask for.
    by_file = weights and "config.json" not in paths
    said = f'hf_hub_download("{release.name}", "{weights}"' if by_file else f'from_pretrained("{release.name}"'
    return Placed(tool="Hugging Face", path=snapshot, how=f"{said}{pinned})")


def lm_studio_folder(machine: Machine) -> bytes | None:
    """Return the models folder of LM Studio, if that is here."""
    if moved := machine.environment("LM_STUDIO_HOME"):
        return os.path.join(_expanded(machine, moved), b"models")
    home = os.path.join(machine.homes()[0], b".lmstudio")
    return os.path.join(home, b"models") if _is_folder(machine, home) else None


def in_lm_studio(models: bytes, repository: bytes, release: HubRelease, files: Sequence[HubFile]) -> Placed | None:
    """Let the weights of a release stand in LM Studio's folder; None if it could run none of them. Raises OSError."""
    weights = [file for file in files if file.path.endswith(WEIGHTS)]
    if not weights:
        return None
    namespace, _, name = release.name.rpartition("/")
    folder = os.path.join(models, (namespace or "library").encode(), name.encode())
    # It runs safetensors only with what stands beside them.
    alone = all(file.path.endswith(".gguf") for file in weights)
    shares = True
    for file in weights if alone else files:
        blob = os.path.join(repository, b"blobs", file.sha256.encode())
        shares &= place_same(blob, os.path.join(folder, *(part.encode() for part in file.path.split("/"))))
    return Placed(tool="LM Studio", path=folder, how=f"lms load {name}", shares=shares)


def _is_folder(machine: Machine, path: bytes) -> bool:
    try:
        machine.list_directory(path)
    except OSError:
        return False
    return True


def _expanded(machine: Machine, value: str) -> bytes:
    path = os.fsencode(value)
    if path == b"~" or path.startswith(b"~/"):
        path = machine.homes()[0] + path[1:]
    return os.path.abspath(path)
