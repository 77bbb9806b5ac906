"""Which files come within a commit."""

import pytest
from tests.hub.uploading import MODEL, reader, writer

from weighbridge.hub.hf_preupload import WITHIN


def test_small_ones_come_within(served):
    files = [{"path": "a.txt", "size": WITHIN, "sample": "AA=="}, {"path": "w/b.bin", "size": WITHIN + 1}]
    said = writer(served).post(f"{MODEL}/preupload/main", json={"files": files}).json()["files"]
    assert [(one["path"], one["uploadMode"], one["shouldIgnore"]) for one in said] == [
        ("a.txt", "regular", False),
        ("w/b.bin", "lfs", False),
    ]


@pytest.mark.parametrize(
    "path", ["../a", "/a", "a//b", "a\\b", "a\x00", "..", "", ".git/config", "a/.", "C:a", "e\u0301"]
)
def test_no_path(served, path):
    answer = writer(served).post(f"{MODEL}/preupload/main", json={"files": [{"path": path, "size": 1}]})
    assert answer.status_code == 400
    assert "file called" in answer.json()["error"]


@pytest.mark.parametrize(
    "body", [b"{}", b'{"files":{}}', b'{"files":[{"path":"a"}]}', b'{"files":[{"path":"a","size":"1"}]}']
)
def test_nonsense(served, body):
    assert writer(served).post(f"{MODEL}/preupload/main", content=body).status_code == 400


def test_those_who_may_not(served):
    assert reader(served).post(f"{MODEL}/preupload/main", json={"files": []}).status_code == 403
