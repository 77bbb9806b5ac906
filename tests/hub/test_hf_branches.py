"""Branches and tags."""

import pytest
from tests.hub.approved import approved
from tests.hub.uploading import MODEL, committed, reader, within, writer


def test_a_branch_and_a_tag_mean_what_they_start_from(served):
    release = approved(served)
    client = writer(served)
    assert client.post(f"{MODEL}/branch/dev", json={}).status_code == 200
    assert client.post(f"{MODEL}/branch/dev", json={}).status_code == 409
    assert client.post(f"{MODEL}/tag/main", json={"tag": "v1", "message": "m"}).status_code == 200
    assert client.post(f"{MODEL}/tag/{release.commit_id}", json={"tag": "v1.0"}).status_code == 200
    refs = client.get(f"{MODEL}/refs").json()
    assert [one["name"] for one in refs["branches"]] == ["main", "dev"]
    assert [(one["name"], one["ref"]) for one in refs["tags"]] == [("v1", "refs/tags/v1"), ("v1.0", "refs/tags/v1.0")]
    assert {one["targetCommit"] for kind in ("branches", "tags") for one in refs[kind]} == {release.commit_id}
    assert client.delete(f"{MODEL}/tag/v1").status_code == 200
    assert client.delete(f"{MODEL}/branch/dev").status_code == 200
    assert client.delete(f"{MODEL}/branch/dev").headers["x-error-code"] == "RevisionNotFound"
    assert client.delete(f"{MODEL}/branch/v1.0").status_code == 404


def test_a_branch_of_what_is_not_approved_shows_nobody_more(served):
    client = writer(served)
    commit = committed(client, within("a", b"1")).json()["commitOid"]
    assert client.post(f"{MODEL}/branch/dev", json={"startingPoint": commit}).status_code == 200
    assert client.get("/acme/tiny/resolve/dev/a").status_code == 403


@pytest.mark.parametrize("name", ["a..b", "-x", "f" * 40, "%2Fx", "x%20y", "%ff"])
def test_no_name(served, name):
    approved(served)
    assert writer(served).post(f"{MODEL}/branch/{name}", json={}).status_code == 400


def test_main_stays(served):
    approved(served)
    client = writer(served)
    assert client.delete(f"{MODEL}/branch/main").status_code == 403
    assert client.post(f"{MODEL}/branch/x", json={"startingPoint": "nope"}).status_code == 404
    assert client.post("/api/models/acme/none/branch/x", json={}).status_code == 404


def test_those_who_may_not(served):
    approved(served)
    client = reader(served)
    assert client.post(f"{MODEL}/branch/dev", json={}).status_code == 403
    assert client.delete(f"{MODEL}/tag/v1").status_code == 403
