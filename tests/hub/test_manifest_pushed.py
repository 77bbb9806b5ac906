"""A pushed manifest is served as it is only if it says of a release just what the release is."""

import json

import pytest
from tests.hub.test_model_files import files

from weighbridge.hub.manifest_pushed import config_of, is_config
from weighbridge.hub.media_types import DOCKER_MANIFEST, FILE_PATH, OCI_MANIFEST, TITLE
from weighbridge.hub.oci_pushed import PushedManifest

THERE = files("a.gguf", "LICENSE")


def pushed(change=lambda _: None, media_type: str = OCI_MANIFEST, digest: str = "sha256:x") -> PushedManifest:
    """Return a manifest of `THERE` with a change."""
    layers = [
        {"mediaType": "a/b", "digest": f"sha256:{one.sha256}", "size": one.size, "annotations": {FILE_PATH: one.path}}
        for one in THERE
    ]
    config = {"mediaType": "a/b", "digest": f"sha256:{'0' * 64}", "size": 2}
    made = {"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": layers}
    change(made)
    content = json.dumps(made).encode()
    return PushedManifest(
        digest=digest, media_type=media_type, artifact_type="", subject="", release_id="r", content=content, size=9
    )


def test_one_that_says_what_is():
    assert config_of(pushed(), THERE).size == 2
    assert config_of(pushed(lambda made: made["layers"][0]["annotations"].update({TITLE: "a.gguf"})), THERE)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made["layers"].pop(),
        lambda made: made["layers"].append(made["layers"][0]),
        lambda made: made["layers"][0].update(size=1),
        lambda made: made["layers"][0].update(urls=["https://evil.example"]),
        lambda made: made["layers"][0].update(annotations={}),
        lambda made: made["layers"][0]["annotations"].update({TITLE: "../x"}),
        lambda made: made["layers"][0]["annotations"].update({FILE_PATH: "b.gguf"}),
        lambda made: made["config"].update(size=5 << 20),
        lambda made: made["config"].update(urls=["https://evil.example"]),
    ],
)
def test_one_that_says_something_else(change):
    assert config_of(pushed(change), THERE) is None


def test_one_of_another_kind():
    assert config_of(pushed(media_type=DOCKER_MANIFEST), THERE) is None
    assert config_of(pushed(digest="sha512:x"), THERE) is None


@pytest.mark.parametrize("content", [b"", b"\x80\x04.", b"[]", b'"text"', b"{", b'{"a": ' + b"[" * 5_000, b"\xff{}"])
def test_a_config_that_is_none(content):
    assert not is_config(content)


def test_a_config_of_any_kind():
    assert is_config(b"{}")
    assert is_config(b'{"descriptor": {"name": "x"}, "config": {}}')
