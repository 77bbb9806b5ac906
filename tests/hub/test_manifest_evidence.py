"""What stands about the manifests of a release."""

import json

from tests.hub.test_model_files import files

from weighbridge.hub.manifest_evidence import ASSESSMENT, BOM, SIGNATURE, evidence
from weighbridge.hub.manifest_parts import Made

SUBJECTS = [Made(kind="ollama", media_type="a/b", content=b"1"), Made(kind="modelpack", media_type="a/b", content=b"2")]


def test_a_signature_and_a_bill_stand_about_each_manifest():
    found = evidence(SUBJECTS, files("model.sig", "sub/model.sig", "a.gguf"), None, b"{}", b"[]")
    assert [(one.artifact_type, one.subject) for one in found] == [
        (kind, subject.digest) for subject in SUBJECTS for kind in (BOM, SIGNATURE)
    ]
    signature = json.loads(found[1].content)
    assert signature["layers"][0]["digest"] == f"sha256:{files('model.sig')[0].sha256}"
    assert signature["annotations"] == {"org.opencontainers.image.title": "model.sig"}


def test_of_a_release_that_was_never_weighed_there_is_nothing():
    assert evidence(SUBJECTS, files("a.gguf"), None, b"", b"") == []
    assert ASSESSMENT not in [one.artifact_type for one in evidence(SUBJECTS, (), None, b"", b"[]")]
