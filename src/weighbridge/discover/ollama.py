"""The Ollama store: manifests by name, blobs by digest.

Layout, from ollama/ollama `server/modelpath.go`, `server/manifest.go`, `envconfig/config.go`:

    manifests/<host>/<namespace>/<model>/<tag>   JSON: config and layers, each with media type, digest and size
    blobs/sha256-<hex>                           weights, projector, adapter, template, system text, parameters, license

One blob may belong to several models; weights may be split over several layers.
"""

from collections.abc import Iterator
from typing import Any

from weighbridge.discover.folder import (
    claimed,
    declared,
    files_below,
    join,
    json_object,
    listed,
    small_file,
    small_json,
    text,
)
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.host.machine import Machine
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import display

_STORE = "ollama"
_PREFIX = "application/vnd.ollama.image."
_WEIGHTS = frozenset(_PREFIX + kind for kind in ("model", "projector", "adapter", "tensor", "embed"))
_DEFAULT_HOST = "registry.ollama.ai"
_DEEP = 6
_TEXT_LIMIT = 1 << 20


def _roots(machine: Machine) -> tuple[bytes, ...]:
    folders = []
    moved = machine.environment("OLLAMA_MODELS")
    if moved:
        folders.append(moved.encode("utf-8", "surrogateescape"))
    folders += [join(machine, home, b".ollama", b"models") for home in machine.homes()]
    if machine.platform == "linux":
        folders += [b"/usr/share/ollama/.ollama/models", b"/var/lib/ollama/.ollama/models", b"/var/lib/ollama/models"]
    return tuple(dict.fromkeys(folders))


def _looks_like(_machine: Machine, _folder: bytes, names: frozenset[bytes]) -> bool:
    return b"manifests" in names and b"blobs" in names and b"models.json" not in names


def _explore(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    manifests = join(machine, folder, b"manifests")
    said: dict[bytes, Candidate] = {}
    for path, entry in files_below(machine, manifests, _DEEP):
        if entry.kind != "file":
            continue
        content = small_file(machine, path)
        if isinstance(content, Unexamined):
            yield content
            continue
        manifest = json_object(path, content)
        if isinstance(manifest, Unexamined):
            yield manifest
            continue
        relative = display(path[len(manifests) + 1 :]).replace("\\", "/")
        name = model_name(relative)
        layers = [layer for layer in listed(manifest.get("layers")) if isinstance(layer, dict)]
        facts = (
            declared("name", name, "Ollama manifest"),
            _identity(relative, content),
            *_facts(machine, folder, manifest, layers),
        )
        for layer in layers:
            digest = claimed(layer.get("digest"))
            if digest is None or layer.get("mediaType") not in _WEIGHTS:
                continue
            blob = join(machine, folder, b"blobs", b"sha256-" + digest.encode())
            known = said.get(blob)
            if known is None:
                said[blob] = Candidate(path=blob, store=_STORE, store_name=name, claimed_sha256=digest, facts=facts)
            else:
                more = tuple(fact for fact in facts if fact not in known.facts)
                said[blob] = Candidate(
                    path=blob,
                    store=_STORE,
                    store_name=known.store_name,
                    claimed_sha256=digest,
                    facts=(*known.facts, *more),
                )
    yield from said.values()


def model_name(relative: str) -> str:
    """Return the name for a manifest's path below `manifests/`: `library/llama3:8b`, `hf.co/org/name:Q4_K_M`."""
    parts = relative.split("/")
    if len(parts) < 2:
        return relative
    if parts[0] == _DEFAULT_HOST:
        parts = parts[1:]
    return "/".join(parts[:-1]) + ":" + parts[-1]


def _identity(relative: str, content: bytes) -> Fact:
    """Return where the manifest comes from and its digest, which registries identify a model by."""
    import hashlib  # only where there is a store

    value = f"{relative.rpartition('/')[0]}@sha256:{hashlib.sha256(content).hexdigest()}"
    return declared("oci.manifest", value, "Ollama manifest")


def _facts(machine: Machine, folder: bytes, manifest: dict[str, Any], layers: list[dict[str, Any]]) -> Iterator[Fact]:
    config = manifest.get("config")
    digest = claimed(config.get("digest")) if isinstance(config, dict) else None
    if digest is not None:
        content = small_json(machine, _blob(machine, folder, digest))
        if not isinstance(content, Unexamined):
            for key, name in (("model_family", "architecture"), ("file_type", "quantization")):
                value = text(content.get(key))
                if value is not None:
                    yield declared(name, value[:200], f"Ollama config {key}")
    for layer in layers:
        digest = claimed(layer.get("digest"))
        kind = str(layer.get("mediaType", "")).removeprefix(_PREFIX)
        if digest is None:
            continue
        if kind == "template":
            yield declared("chat_template.sha256", digest, "Ollama template layer")
        elif kind == "license":
            title = _title(small_file(machine, _blob(machine, folder, digest), _TEXT_LIMIT))
            if title is not None:
                yield declared("license", title, f"Ollama license layer sha256:{digest[:12]}")
                yield declared("license.text.sha256", digest, f"Ollama license layer sha256:{digest[:12]}")
        elif kind == "params":
            parameters = small_json(machine, _blob(machine, folder, digest))
            context = None if isinstance(parameters, Unexamined) else parameters.get("num_ctx")
            if isinstance(context, int):
                yield declared("context_length", context, "Ollama parameters num_ctx")
        elif kind == "system":
            yield declared("system_prompt.sha256", digest, "Ollama system layer")


def _blob(machine: Machine, folder: bytes, digest: str) -> bytes:
    return join(machine, folder, b"blobs", b"sha256-" + digest.encode())


def _title(content: bytes | Unexamined) -> str | None:
    """Return the first lines of a license text that say something: license texts begin with their name."""
    if isinstance(content, Unexamined):
        return None
    lines = [line.strip() for line in content[:4000].decode("utf-8", "replace").splitlines() if line.strip()]
    return " ".join(lines[:2])[:200] or None


def _describe(_folder: bytes, path: bytes) -> Candidate:
    name = path.replace(b"\\", b"/").rpartition(b"/")[2].decode("ascii", "replace")
    return Candidate(path=path, store=_STORE, claimed_sha256=claimed(name) if name.startswith("sha256") else None)


PROBE = Probe(
    id=_STORE,
    title="Ollama",
    declaration=Declaration(
        reads=(
            "~/.ollama/models/**",
            "$OLLAMA_MODELS/**",
            "/usr/share/ollama/.ollama/models/**",
            "/var/lib/ollama/**",
            "**/manifests/**",
            "**/blobs/sha256-*",
        ),
        environment=("OLLAMA_MODELS",),
        purpose="Finds models that Ollama keeps, with their names, licenses, templates and claimed digests.",
    ),
    roots=_roots,
    looks_like=_looks_like,
    explore=_explore,
    markers=frozenset({b"manifests"}),
    describe=_describe,
)
