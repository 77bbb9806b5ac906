"""Known stores, laid out on a machine in memory as their programs lay them out."""

import hashlib
import json

from weighbridge.host.fake import FakeMachine

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def path_of(machine: FakeMachine, folder: bytes, relative: str) -> bytes:
    return folder + machine.separator + relative.encode().replace(b"/", machine.separator)


def add_huggingface(
    machine: FakeMachine,
    hub: bytes,
    files: dict[str, bytes],
    repository: str = "acme/tiny",
    *,
    links: bool = True,
    branch: str = "main",
) -> bytes:
    """Lay out one repository as huggingface_hub does; without links as it does on Windows. Returns its folder."""
    folder = path_of(machine, hub, "models--" + repository.replace("/", "--"))
    machine.add_file(path_of(machine, folder, f"refs/{branch}"), COMMIT.encode())
    machine.add_directory(path_of(machine, folder, f".no_exist/{COMMIT}"))
    machine.add_directory(path_of(machine, folder, "blobs"))
    for name, content in files.items():
        large = len(content) > 20
        etag = sha256(content) if large else hashlib.sha1(content, usedforsecurity=False).hexdigest()
        snapshot = path_of(machine, folder, f"snapshots/{COMMIT}/{name}")
        if links:
            machine.add_file(path_of(machine, folder, f"blobs/{etag}"), content)
            machine.add_link(snapshot, b"../" * (name.count("/") + 2) + b"blobs/" + etag.encode())
        else:
            machine.add_file(snapshot, content)
    return folder


def add_huggingface_folder(machine: FakeMachine, folder: bytes, files: dict[str, bytes]) -> None:
    """Lay out what `hf download --local-dir` leaves."""
    for name, content in files.items():
        machine.add_file(path_of(machine, folder, name), content)
        note = f"{COMMIT}\n{sha256(content)}\n1763600000.0\n".encode()
        machine.add_file(path_of(machine, folder, f".cache/huggingface/download/{name}.metadata"), note)


def add_ollama(
    machine: FakeMachine,
    folder: bytes,
    weights: tuple[bytes, ...],
    name: str = "registry.ollama.ai/library/tiny/latest",
    license_text: bytes = b"",
    template: bytes = b"",
) -> None:
    """Lay out one model as Ollama does."""

    def blob(content: bytes) -> str:
        machine.add_file(path_of(machine, folder, f"blobs/sha256-{sha256(content)}"), content)
        return "sha256:" + sha256(content)

    kinds = [("model", content) for content in weights]
    kinds += [("license", license_text)] * bool(license_text) + [("template", template)] * bool(template)
    kinds.append(("params", b'{"num_ctx": 4096, "stop": ["<end>"]}'))
    layers = [
        {"mediaType": f"application/vnd.ollama.image.{kind}", "digest": blob(content), "size": len(content)}
        for kind, content in kinds
    ]
    config = json.dumps({"model_format": "gguf", "model_family": "llama", "file_type": "Q4_0"}).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "digest": blob(config),
            "size": len(config),
        },
        "layers": layers,
    }
    machine.add_file(path_of(machine, folder, f"manifests/{name}"), json.dumps(manifest).encode())


def _image(machine: FakeMachine, blobs: bytes, weights: bytes, license_text: bytes) -> bytes:
    def blob(content: bytes) -> str:
        machine.add_file(path_of(machine, blobs, f"sha256/{sha256(content)}"), content)
        return "sha256:" + sha256(content)

    config = json.dumps({"config": {"format": "gguf", "quantization": "Q8_0", "architecture": "llama"}}).encode()
    layers = [{"mediaType": "application/vnd.docker.ai.gguf.v3", "digest": blob(weights), "size": len(weights)}]
    if license_text:
        layers.append(
            {"mediaType": "application/vnd.docker.ai.license", "digest": blob(license_text), "size": len(license_text)}
        )
    return json.dumps({"schemaVersion": 2, "config": {"digest": blob(config)}, "layers": layers}).encode()


def add_docker(
    machine: FakeMachine, folder: bytes, weights: bytes, tag: str = "ai/tiny:latest", license_text: bytes = b""
) -> None:
    """Lay out one model as Docker Model Runner does."""
    manifest = _image(machine, path_of(machine, folder, "blobs"), weights, license_text)
    machine.add_file(path_of(machine, folder, f"manifests/sha256/{sha256(manifest)}"), manifest)
    index = {"models": [{"id": "sha256:" + sha256(manifest), "tags": [tag], "files": []}]}
    machine.add_file(path_of(machine, folder, "models.json"), json.dumps(index).encode())
    machine.add_file(path_of(machine, folder, "layout.json"), b'{"version": "1.0.0"}')


def add_oci_layout(machine: FakeMachine, folder: bytes, weights: bytes, name: str = "tiny:v1") -> None:
    """Lay out one model as an OCI image layout."""
    manifest = _image(machine, path_of(machine, folder, "blobs"), weights, b"")
    machine.add_file(path_of(machine, folder, f"blobs/sha256/{sha256(manifest)}"), manifest)
    entry = {
        "digest": "sha256:" + sha256(manifest),
        "annotations": {"org.opencontainers.image.ref.name": name},
    }
    machine.add_file(path_of(machine, folder, "index.json"), json.dumps({"manifests": [entry]}).encode())
    machine.add_file(path_of(machine, folder, "oci-layout"), b'{"imageLayoutVersion": "1.0.0"}')
