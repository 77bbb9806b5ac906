"""What was found in files, as clients of the public hub show it."""

import json

import pytest
from tests.hub.approved import approved, reader
from tests.hub.holding import sha256

from weighbridge.hub import releases, weighed
from weighbridge.hub.hf_security import scanned
from weighbridge.hub.weighed import Weighed
from weighbridge.hub.weighing import Weighing

FILES = {"bad.bin": b"bad", "good.gguf": b"good", "sub/bad-too.bin": b"bad", "README.md": b"#"}


def weighing(assessment: str) -> Weighing:
    """Return a weighing that says nothing but its answer."""
    texts = dict.fromkeys(("decision", "remedy", "policy", "commercial"), "")
    names = ("rules", "formats", "code_formats", "licenses", "obligations", "lineage", "unexamined", "loose", "weights")
    more = {"permissive": True, "findings": 0, "interrupted": False}
    return Weighing(assessment=assessment, **texts, **dict.fromkeys(names, ()), **more)


@pytest.fixture
def found(served):
    """A release that was weighed, and what a report says of its files."""
    release = approved(served, FILES)
    artifacts = [
        {
            "sha256": sha256(b"bad"),
            "assessment": "malicious",
            "findings": [{"check": "x", "message": "runs os.system"}],
        },
        {"sha256": sha256(b"good"), "assessment": "clean", "findings": []},
        {"sha256": None, "assessment": "review", "findings": []},
    ]
    report = json.dumps({"schema": "json-v1", "artifacts": artifacts}).encode()
    told = Weighed(
        release_id=release.release_id,
        weighed_at=1,
        milliseconds=1,
        rules="1",
        policy_number=0,
        weighing=weighing("malicious"),
        is_automatic=False,
        reasons=(),
    )

    def job(connection):
        weighed.keep(connection, told, report, b"{}")
        return releases.change(connection, release.release_id, assessment="malicious")

    return served.store.write_now(job)


def test_each_file_has_its_own_answer(served, found):
    client = reader(served)
    listed = client.get("/api/models/acme/tiny/tree/main?recursive=1&expand=1").json()
    status = {one["path"]: one["securityFileStatus"] for one in listed}
    assert {path: one["status"] for path, one in status.items()} == {
        "README.md": "safe",
        "bad.bin": "unsafe",
        "good.gguf": "safe",
        "sub/bad-too.bin": "unsafe",
    }
    assert status["bad.bin"]["avScan"] == {"status": "unsafe", "message": "runs os.system"}
    paths = client.post("/api/models/acme/tiny/paths-info/main", data={"paths": "bad.bin", "expand": "true"}).json()
    assert paths[0]["securityFileStatus"]["pickleImportScan"]["status"] == "unsafe"


def test_files_that_people_should_look_at(served, found):
    said = reader(served).get("/api/models/acme/tiny?securityStatus=1").json()["securityRepoStatus"]
    assert said["scansDone"] is True
    assert sorted(one["path"] for one in said["filesWithIssues"]) == ["bad.bin", "sub/bad-too.bin"]
    said = reader(served, name="bob").get("/api/models/acme/tiny?expand=securityRepoStatus").json()
    assert said["securityRepoStatus"]["filesWithIssues"][0]["level"] == "unsafe"


@pytest.mark.parametrize(
    ("assessment", "status"),
    [("", "unscanned"), ("clean", "safe"), ("incomplete", "suspicious"), ("malicious", "safe"), ("new", "unscanned")],
)
def test_a_file_that_is_no_model(served, assessment, status):
    release = approved(served)
    changed = served.store.write_now(lambda c: releases.change(c, release.release_id, assessment=assessment))
    answer = served.store.read_now(lambda c: scanned(c, changed)).file_status("0" * 64)
    assert answer["status"] == status
