"""How a release comes to stand in Ollama's own store, as if it had pulled it: `ollama run` finds it without a restart.

    manifests/HOST/NAMESPACE/MODEL/TAG     what the hub says to Ollama, as it says it
    blobs/sha256-…                         the weights, as another name of the bytes in the cache, and small layers

Sources: Ollama, `types/model/name.go` (`Filepath`: the host with its port, as it is written), `manifest/manifest.go`,
`envconfig/config.go` (`OLLAMA_MODELS`).
"""

import os
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct, field

from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.host.model_store import is_writable, place_same, write_whole
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_catalog import decoded
from weighbridge.pipeline.hub_listing import HubFile, HubRelease, asked, nonsense
from weighbridge.pipeline.hub_places import Placed

_ACCEPT = "application/vnd.docker.distribution.manifest.v2+json"
_MODEL = "application/vnd.ollama.image.model"
_LATEST, _MAIN = "latest", "main"
OLLAMA_SERVICE = b"/usr/share/ollama"
"""The home of Ollama where it was installed as a service of Linux (its `install.sh`); others may not look into it."""
_MOST_LAYERS, _MOST_TAGS = 100, 50
_LARGEST_LAYER = 16 << 20
"""Bytes of a layer that is fetched here because it is no file that was pulled: settings, a template, a license."""
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}")
_NAMESPACE = re.compile(r"[a-z0-9_][a-z0-9_-]{0,79}")
_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,79}")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}")
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


class _Descriptor(Struct):
    digest: str
    size: int
    media_type: str = field(name="mediaType")


class _Manifest(Struct):
    config: _Descriptor
    layers: list[_Descriptor]


class _Tags(Struct):
    tags: list[str]


def ollama_store(machine: Machine) -> bytes | None:
    """Return Ollama's folder of models, if this user may write there; None for one of a service, or none at all."""
    moved = machine.environment("OLLAMA_MODELS")
    folder = os.fsencode(moved) if moved else os.path.join(machine.homes()[0], b".ollama", b"models")
    return folder if is_writable(folder) else None


def in_ollama(
    store: bytes,
    client: FleetClient,
    access: HubAccess,
    repository: bytes,
    release: HubRelease,
    files: Sequence[HubFile],
) -> Placed | None:
    """Let the GGUF files of a release stand in Ollama's store; None where it could run none of them.

    Args:
        store: Ollama's folder of models.
        client: the way to the hub.
        access: who asks.
        repository: the folder of the model in the Hugging Face cache, where its blobs are.
        release: which.
        files: that were pulled.

    Raises:
        OSError: the store cannot be written.
        WeighbridgeError: as `asked`; `E-hub-answer` for a manifest that makes no sense.
    """
    named = _named(access, release)
    left = _ggufs(files)
    if not left or named is None:
        return None
    host, namespace, name = named
    held = _Held(store, repository, frozenset(one.sha256 for one in files))
    shares, placed = True, ""
    folder = os.path.join(store, b"manifests", *(part.encode() for part in named))
    try:
        for tag, reference in _tags(client, access, f"{namespace}/{name}", release):
            content = asked(client, f"/v2/{namespace}/{name}/manifests/{reference}", access, accept=_ACCEPT).body
            manifest = decoded(content, _Manifest)
            weights = {_digest(one) for one in manifest.layers if one.media_type == _MODEL}
            if not weights or not weights <= left or len(manifest.layers) > _MOST_LAYERS:
                continue
            shares &= held.place(client, access, f"{namespace}/{name}", manifest)
            write_whole(os.path.join(folder, tag.encode()), content)
            placed, left = placed or tag, left - weights
            if not left:
                break
    except WeighbridgeError:
        if not placed:
            raise
    if not placed:
        return None
    shown = "" if placed == _LATEST else f":{placed}"
    return Placed(tool="Ollama", path=folder, how=f"ollama run {host}/{namespace}/{name}{shown}", shares=shares)


def by_itself(machine: Machine, access: HubAccess, release: HubRelease, files: Sequence[HubFile]) -> Placed | None:
    """Return how Ollama gets a release where its store is not this user's; None where there is no Ollama, or no use."""
    named = _named(access, release)
    if named is None or not _ggufs(files) or not is_here(machine):
        return None
    insecure = " --insecure" if access.url.startswith("http://") else ""
    tag = "" if release.revision == _MAIN else f":{release.commit}"
    return Placed(tool="Ollama", path=b"", how=f"ollama pull{insecure} {'/'.join(named)}{tag}")


def is_here(machine: Machine) -> bool:
    """Tell whether Ollama has been run on this machine, or was installed as a service."""
    for place in (OLLAMA_SERVICE, os.path.join(machine.homes()[0], b".ollama")):
        try:
            machine.stat(place, follow=True)
        except OSError:
            continue
        return True
    return False


class _Held:
    """Where layers go, and which of them are here."""

    def __init__(self, store: bytes, repository: bytes, here: frozenset[str]) -> None:
        self._store, self._repository, self._here = store, repository, here

    def place(self, client: FleetClient, access: HubAccess, name: str, manifest: _Manifest) -> bool:
        """Let all layers of a manifest stand in the store; return whether they take no room beside the cache."""
        shares = True
        for layer in (manifest.config, *manifest.layers):
            digest = _digest(layer)
            place = os.path.join(self._store, b"blobs", f"sha256-{digest}".encode())
            if digest in self._here:
                shares &= place_same(os.path.join(self._repository, b"blobs", digest.encode()), place)
            else:
                write_whole(place, _small(client, access, name, layer))
        return shares


def _named(access: HubAccess, release: HubRelease) -> tuple[str, str, str] | None:
    """Return host, namespace and name as Ollama spells them; None for what it takes for no name."""
    host = access.url.split("://", 1)[1]
    namespace, _, name = release.name.lower().rpartition("/")
    namespace = namespace or "library"
    valid = _HOST.fullmatch(host) and _NAMESPACE.fullmatch(namespace) and _NAME.fullmatch(name)
    return (host, namespace, name) if valid else None


def _ggufs(files: Sequence[HubFile]) -> set[str]:
    return {one.sha256 for one in files if one.path.lower().endswith(".gguf")}


def _tags(client: FleetClient, access: HubAccess, name: str, release: HubRelease) -> Iterator[tuple[str, str]]:
    """Yield the tags to write, and what the hub calls each: first the usual one, then each precision, if need be."""
    if release.revision != _MAIN:
        yield release.revision if _TAG.fullmatch(release.revision) else release.commit, release.commit
        return
    yield _LATEST, release.commit
    said = decoded(asked(client, f"/v2/{name}/tags/list?n={_MOST_TAGS}", access).body, _Tags).tags
    yield from ((tag, tag) for tag in said[:_MOST_TAGS] if tag != _LATEST and _TAG.fullmatch(tag))


def _small(client: FleetClient, access: HubAccess, name: str, layer: _Descriptor) -> bytes:
    if not 0 <= layer.size <= _LARGEST_LAYER:
        raise WeighbridgeError(
            "E-pull-files", f"Ollama needs more of it than was pulled: {layer.media_type}", "pull it without --include"
        )
    content = asked(client, f"/v2/{name}/blobs/{layer.digest}", access).body
    if sha256(content).hexdigest() != _digest(layer):
        raise nonsense(f"a layer is not {layer.digest[:19]}")
    return content


def _digest(layer: _Descriptor) -> str:
    match = _DIGEST.fullmatch(layer.digest)
    if match is None:
        raise nonsense("a layer without digest")
    return match[1]
