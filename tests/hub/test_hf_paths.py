"""What lies at some paths."""

import pytest
from tests.hub.approved import approved, reader

ADDRESS = "/api/models/acme/tiny/paths-info/main"


def test_files_and_folders_as_a_form_and_as_json(served):
    release = approved(served)
    client = reader(served)
    form = client.post(ADDRESS, data={"paths": ["config.json", "weights", "nope", "weights/a.safetensors"]})
    assert [(one["type"], one["path"]) for one in form.json()] == [
        ("file", "config.json"),
        ("directory", "weights"),
        ("file", "weights/a.safetensors"),
    ]
    assert form.headers["x-repo-commit"] == release.commit_id
    sent = client.post(ADDRESS, json={"paths": ["config.json"], "expand": True})
    assert sent.json()[0]["lastCommit"]["id"] == release.commit_id
    assert client.post(ADDRESS, data={"paths": "config.json", "expand": "True"}).json()[0]["lastCommit"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b'{"paths":[1]}'),
        ("application/json", b'{"paths":["\\ud800"]}'),
        ("application/json", b"[" * 50_000),
        ("application/x-www-form-urlencoded", b"\xff=\xfe"),
        ("application/x-www-form-urlencoded", b"paths=a&" * 3_000),
        ("application/json", b'{"paths":[' + b'"a",' * 1_000 + b'"a"]}'),
    ],
)
def test_nonsense_is_told_apart(served, kind, body):
    approved(served)
    answer = reader(served).post(ADDRESS, content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_too_much(served):
    approved(served)
    assert reader(served).post(ADDRESS, content=b"x" * (3 << 20)).status_code == 413
