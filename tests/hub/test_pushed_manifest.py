"""What is read of a manifest that somebody sends, and that anything else is a clear refusal."""

import json
import random

import pytest

from weighbridge.hub.media_types import DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from weighbridge.hub.pushed_manifest import read_manifest
from weighbridge.model.errors import WeighbridgeError

CONFIG = {"mediaType": "a/b", "digest": "sha256:1", "size": 2}
IMAGE = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": CONFIG, "layers": [CONFIG], "more": {"x": [1]}}


def test_kinds():
    image, media_type = read_manifest(json.dumps(IMAGE).encode(), f"{OCI_MANIFEST}; charset=utf-8")
    assert (media_type, image.kind) == (OCI_MANIFEST, "a/b")
    index, _ = read_manifest(json.dumps({"schemaVersion": 2, "manifests": [CONFIG]}).encode(), OCI_INDEX)
    assert (index.kind, len(index.manifests)) == ("", 1)
    without = {name: value for name, value in IMAGE.items() if name != "mediaType"}
    assert read_manifest(json.dumps(without).encode(), DOCKER_MANIFEST)[1] == DOCKER_MANIFEST
    assert read_manifest(json.dumps(IMAGE).encode(), "")[1] == OCI_MANIFEST


def test_damaged_manifests_are_refused_and_nothing_else_happens():
    whole, dice = json.dumps(IMAGE).encode(), random.Random(11)
    taken, refusals = 0, set()
    for _ in range(2_000):
        damaged = bytearray(whole)
        for _ in range(dice.randrange(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            read_manifest(bytes(damaged), OCI_MANIFEST)
            taken += 1
        except WeighbridgeError as error:
            refusals.add(error.code)
    assert 0 < taken < 2_000
    assert refusals == {"E-oci-manifest"}


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "x" * 10_000])
def test_other_types_are_refused(content_type):
    with pytest.raises(WeighbridgeError, match="not taken"):
        read_manifest(json.dumps(IMAGE).encode(), content_type)
