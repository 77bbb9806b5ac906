"""Pieces of manifests: digests, and manifests about manifests."""

import json

from weighbridge.hub.manifest_parts import attached, descriptor, digest_of, encoded
from weighbridge.hub.media_types import EMPTY, OCI_EMPTY, OCI_MANIFEST

SUBJECT = {"mediaType": OCI_MANIFEST, "digest": f"sha256:{'0' * 64}", "size": 7, "annotations": {"not": "copied"}}


def test_a_digest():
    assert digest_of(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert descriptor("a/b", b"{}") == {"mediaType": "a/b", "digest": digest_of(b"{}"), "size": 2}


def test_a_manifest_about_another():
    made = attached(SUBJECT, "application/x", descriptor("application/json", b"[]"), b"[]", {"k": "v"})
    manifest = json.loads(made.content)
    assert manifest["subject"] == {"mediaType": OCI_MANIFEST, "digest": SUBJECT["digest"], "size": 7}
    assert manifest["config"] == descriptor(OCI_EMPTY, EMPTY)
    assert manifest["layers"] == [descriptor("application/json", b"[]")]
    assert (made.subject, made.artifact_type) == (SUBJECT["digest"], "application/x")
    assert set(made.described_contents) == {digest_of(EMPTY), digest_of(b"[]")}


def test_one_that_says_all_in_its_annotations():
    made = attached(SUBJECT, "application/x", None, b"", {})
    assert json.loads(made.content)["layers"] == [descriptor(OCI_EMPTY, EMPTY)]


def test_the_same_value_gives_the_same_bytes():
    assert encoded({"b": 1, "a": [2]}) == b'{"b":1,"a":[2]}'
