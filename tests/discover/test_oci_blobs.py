"""Layers of an image manifest."""

import json

import pytest

from weighbridge.discover.oci_blobs import digest_path, model_layers
from weighbridge.host.fake import FakeMachine

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize("digest", [None, 5, "", "sha256:", "sha256:" + "A" * 64, "sha512:" + "a" * 128, "sha256:../x"])
def test_only_a_digest_becomes_a_path(digest):
    assert digest_path(FakeMachine(), b"/blobs", digest) is None


def test_modelpack_configuration_and_annotations():
    machine = FakeMachine()
    config = {"descriptor": {"version": "2", "sourceURL": "https://x", "licenses": ["MIT", 5]}, "config": {}}
    machine.add_file(b"/blobs/sha256/" + b"a" * 64, json.dumps(config).encode())
    manifest = {
        "config": {"digest": DIGEST},
        "layers": [
            {
                "digest": "sha256:" + "b" * 64,
                "mediaType": "application/vnd.cncf.model.weight.v1.raw",
                "annotations": {"org.opencontainers.image.title": "model.safetensors"},
            }
        ],
        "annotations": {"org.opencontainers.image.licenses": "Apache-2.0"},
    }
    (said,) = model_layers(machine, b"/blobs", manifest, "oci-layout", None)
    assert said.store_name == "model.safetensors"
    assert [(fact.name, fact.value) for fact in said.facts] == [
        ("license", "Apache-2.0"),
        ("version", "2"),
        ("source_url", "https://x"),
        ("license", "MIT"),
    ]


@pytest.mark.parametrize("manifest", [{}, {"layers": 5}, {"layers": [None]}, {"config": 5, "annotations": []}])
def test_odd_manifests_name_nothing(manifest):
    assert list(model_layers(FakeMachine(), b"/blobs", manifest, "oci-layout", None)) == []
