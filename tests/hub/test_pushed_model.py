"""Which files the manifests of other tools hold."""

import pytest

from weighbridge.hub.media_types import (
    DOCKER_CONFIG,
    DOCKER_MODEL,
    FILE_PATH,
    KITOPS,
    MODELPACK_LAYER,
    OLLAMA,
    TITLE,
    UNPACK,
)
from weighbridge.hub.pushed_manifest import Descriptor, Manifest
from weighbridge.hub.pushed_model import layers_of
from weighbridge.model.errors import WeighbridgeError

SUBJECT = Descriptor(media_type="a/b", digest="sha256:0", size=0)


def manifest(*layers: tuple[str, dict[str, str]], config: str = "a/b", **more) -> Manifest:
    """Return a manifest with layers of types and annotations."""
    pointed = [
        Descriptor(media_type=kind, digest=f"sha256:{number}", size=1, annotations=said)
        for number, (kind, said) in enumerate(layers)
    ]
    return Manifest(
        schema_version=2, config=Descriptor(media_type=config, digest="sha256:c", size=2), layers=pointed, **more
    )


def paths(read: Manifest) -> list[str]:
    """Return the names of the files."""
    return [one.path for one in layers_of(read)]


def test_of_ollama():
    kinds = ["model", "projector", "template", "system", "params", "messages", "license", "license"]
    read = manifest(*((f"{OLLAMA}{kind}", {}) for kind in kinds), config=DOCKER_CONFIG)
    expected = ["model.gguf", "mmproj.gguf", "template", "system", "params", "messages", "LICENSE", "LICENSE-2"]
    assert paths(read) == [*expected, "ollama.json"]


def test_of_docker():
    read = manifest(
        (f"{DOCKER_MODEL}gguf.v3", {}), (f"{DOCKER_MODEL}license", {}), config=f"{DOCKER_MODEL}config.v0.1+json"
    )
    assert paths(read) == ["model.gguf", "LICENSE"]
    parts = manifest(*[(f"{DOCKER_MODEL}safetensors", {})] * 2, config=f"{DOCKER_MODEL}config.v0.1+json")
    assert paths(parts) == ["model.safetensors", "model-2.safetensors"]


def test_of_modelpack_kitops_and_oras():
    read = manifest(
        (f"{MODELPACK_LAYER}weight.v1.raw", {FILE_PATH: "a/b.gguf", TITLE: "b.gguf"}),
        (f"{MODELPACK_LAYER}doc.v1.tar", {FILE_PATH: "docs"}),
        (f"{KITOPS}code.v1.tar+gzip", {}),
        ("a/b", {TITLE: "c.json"}),
        ("application/vnd.oci.image.layer.v1.tar+gzip", {TITLE: "notes", UNPACK: "true"}),
        ("application/vnd.oci.image.layer.v1.tar", {TITLE: "d.tar"}),
    )
    assert [(one.path, one.packed) for one in layers_of(read)] == [
        ("a/b.gguf", ""),
        ("c.json", ""),
        ("d.tar", ""),
        ("", "tar"),
        ("", "tar+gzip"),
        ("", "tar+gzip"),
    ]


def test_what_is_no_model():
    assert not layers_of(manifest(("application/vnd.oci.image.layer.v1.tar+gzip", {})))
    assert not layers_of(manifest((f"{OLLAMA}model", {}), subject=SUBJECT))
    assert not layers_of(manifest())


@pytest.mark.parametrize("kind", [f"{OLLAMA}tensor", f"{OLLAMA}draft", f"{DOCKER_MODEL}other", "a/b"])
def test_layers_that_are_no_files_are_refused(kind):
    with pytest.raises(WeighbridgeError, match="no file of a model"):
        layers_of(manifest((f"{OLLAMA}model", {}), (kind, {}), config=DOCKER_CONFIG))
