"""Docker Model Runner's store: an index of models, manifests and blobs by digest.

Layout, from docker/model-runner `pkg/distribution/internal/store`:

    models.json               {"models": [{"id": "sha256:...", "tags": [...], "files": [...]}]}
    manifests/sha256/<hex>    image manifest
    blobs/sha256/<hex>        weights, license texts, configuration
"""

from collections.abc import Iterator
from functools import partial

from weighbridge.discover.folder import entries, join, small_json, text
from weighbridge.discover.oci_blobs import described_blob, digest_path, model_layers
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined

_STORE = "docker-model-runner"


def _roots(machine: Machine) -> tuple[bytes, ...]:
    folders = []
    moved = machine.environment("MODELS_PATH")
    if moved:
        folders.append(moved.encode("utf-8", "surrogateescape"))
    folders += [join(machine, home, b".docker", b"models") for home in machine.homes()]
    if machine.platform == "linux":
        # The engine's plugin keeps its store in a volume.
        folders.append(b"/var/lib/docker/volumes/docker-model-runner-models/_data")
    return tuple(dict.fromkeys(folders))


def _looks_like(_machine: Machine, _folder: bytes, names: frozenset[bytes]) -> bool:
    return {b"models.json", b"manifests", b"blobs"} <= names


def _explore(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    if all(entry.name != b"models.json" for entry in entries(machine, folder)):
        return
    index = small_json(machine, join(machine, folder, b"models.json"))
    if isinstance(index, Unexamined):
        yield index
        return
    models = index.get("models")
    for model in models if isinstance(models, list) else []:
        if not isinstance(model, dict):
            continue
        path = digest_path(machine, join(machine, folder, b"manifests"), model.get("id"))
        if path is None:
            continue
        manifest = small_json(machine, path)
        if isinstance(manifest, Unexamined):
            yield manifest
            continue
        tags = model.get("tags")
        name = next((tag for tag in tags if text(tag)), None) if isinstance(tags, list) else None
        yield from model_layers(machine, join(machine, folder, b"blobs"), manifest, _STORE, name)


PROBE = Probe(
    id=_STORE,
    title="Docker Model Runner",
    declaration=Declaration(
        reads=(
            "~/.docker/models/**",
            "$MODELS_PATH/**",
            "/var/lib/docker/volumes/docker-model-runner-models/_data/**",
            "**/models.json",
            "**/manifests/sha256/*",
            "**/blobs/sha256/*",
        ),
        environment=("MODELS_PATH",),
        purpose="Finds models that Docker Model Runner keeps, with their tags, licenses and claimed digests.",
    ),
    roots=_roots,
    looks_like=_looks_like,
    explore=_explore,
    markers=frozenset({b"models.json"}),
    describe=partial(described_blob, _STORE),
)
