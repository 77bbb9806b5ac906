"""The bytes of files."""

import hashlib

import pytest
from tests.hub.approved import FILES, approved, moved, reader
from tests.hub.holding import in_state
from tests.hub.uploading import committed, within, writer

from weighbridge.hub import blob_index, hf_resolve, release_files
from weighbridge.hub.states import State


def test_what_is_said_before_and_with_the_bytes(served):
    release = approved(served)
    client, path = reader(served), "weights/a.safetensors"
    digest = hashlib.sha256(FILES[path]).hexdigest()
    for revision in ("main", release.commit_id):
        head = client.head(f"/acme/tiny/resolve/{revision}/{path}")
        answer = client.get(f"/acme/tiny/resolve/{revision}/{path}")
        assert answer.content == FILES[path]
        for said in (head, answer):
            assert said.status_code == 200
            assert said.headers["x-repo-commit"] == release.commit_id
            assert said.headers["etag"] == said.headers["x-linked-etag"] == f'"{digest}"'
            assert said.headers["x-linked-size"] == said.headers["content-length"] == str(len(FILES[path]))
            assert said.headers["accept-ranges"] == "bytes"
            assert said.headers["content-type"] == "application/octet-stream"
            assert not [name for name in said.headers if "xet" in name]
        assert head.content == b""


def test_a_part(served):
    approved(served)
    answer = reader(served).get("/acme/tiny/resolve/main/README.md", headers={"Range": "bytes=2-3"})
    assert (answer.status_code, answer.content) == (206, b"Ti")
    assert answer.headers["content-range"] == "bytes 2-3/7"


def test_who_uploads_learns_what_is_not_there_yet(served):
    """And of what is there and waits that it waits; who may not upload learns neither."""
    wendy, rita = writer(served), reader(served)
    assert wendy.post("/api/repos/create", json={"organization": "acme", "name": "new"}).is_success

    def codes(path):
        return [one.head(f"/acme/new/resolve/main/{path}").headers["x-error-code"] for one in (wendy, rita)]

    assert codes("README.md") == ["EntryNotFound", "RevisionNotFound"]
    assert committed(wendy, within("a.txt", b"a"), address="/api/models/acme/new/commit/main").is_success
    assert codes("README.md") == ["EntryNotFound", "GatedRepo"]
    assert codes("a.txt") == ["GatedRepo", "GatedRepo"]
    assert wendy.head("/acme/new/resolve/v9/README.md").headers["x-error-code"] == "RevisionNotFound"


def test_the_ways_of_other_clients(served):
    """`@huggingface/hub` asks at `raw` whether a file is there, means `main` by `HEAD`, and fetches all by ranges."""
    approved(served, {"empty": b"", "full": b"full"})
    client = reader(served)
    assert client.head("/acme/tiny/raw/HEAD/full").headers["content-length"] == "4"
    assert client.get("/acme/tiny/raw/main/full").content == b"full"
    assert client.get("/acme/tiny/resolve/main/empty", headers={"Range": "bytes=0-0"}).status_code == 200
    assert client.get("/api/models/acme/tiny/revision/HEAD").json()["id"] == "acme/tiny"


def test_a_file_that_is_not_there_names_the_commit(served):
    release = approved(served)
    client = reader(served)
    for path in ("nope.json", "weights", "%2e%2e/%2e%2e/config.json", "a%00b", "%ff", "é", "x" * 5_000):
        answer = client.head(f"/acme/tiny/resolve/main/{path}")
        assert (answer.status_code, answer.headers["x-error-code"]) == (404, "EntryNotFound"), path
        assert answer.headers["x-repo-commit"] == release.commit_id


def test_names_in_any_script(served):
    files = {"ordner/größe ü.txt": b"1", "数据/模型.bin": b"2", "a+b%20c.txt": b"3", "q?x#y.txt": b"4"}
    approved(served, files)
    client = reader(served)
    for address, body in (
        ("ordner/gr%C3%B6%C3%9Fe%20%C3%BC.txt", b"1"),
        ("%E6%95%B0%E6%8D%AE/%E6%A8%A1%E5%9E%8B.bin", b"2"),
        ("a%2Bb%2520c.txt", b"3"),
        ("q%3Fx%23y.txt", b"4"),
    ):
        assert client.get(f"/acme/tiny/resolve/main/{address}").content == body


def test_a_name_of_the_library(served):
    approved(served, name="gpt2")
    assert reader(served).get("/gpt2/resolve/main/README.md").content == FILES["README.md"]


@pytest.mark.parametrize("state", [state for state in State if state not in (State.APPROVED, State.DEPRECATED)])
def test_no_byte_of_what_is_not_served(served, state):
    if state in (State.EXPIRED, State.REVOKED):
        release = moved(served, approved(served), state)
    elif state is State.FETCHING:
        pytest.skip("it has no files yet")
    else:
        release = in_state(served, state, FILES)
    client = reader(served)
    for revision in ("main", release.commit_id):
        for method in ("GET", "HEAD"):
            answer = client.request(method, f"/acme/tiny/resolve/{revision}/README.md", headers={"Range": "bytes=0-3"})
            assert answer.status_code in (403, 404)
            assert answer.headers["x-error-code"] in ("GatedRepo", "RevisionNotFound")
            assert b"Tiny" not in answer.content
            assert "etag" not in answer.headers


def test_bytes_that_still_lie_in_quarantine_do_not_leave(served):
    """Where the catalog and the store disagree, the store's word on what is released counts."""
    release = approved(served)
    digest = hashlib.sha256(FILES["README.md"]).hexdigest()
    served.store.write_now(lambda c: blob_index.place(c, [digest], blob_index.QUARANTINE))
    answer = reader(served).get(f"/acme/tiny/resolve/{release.commit_id}/README.md")
    assert answer.status_code == 503
    assert "quarantine" in answer.json()["error"]
    assert b"Tiny" not in answer.content


def test_a_file_that_stock_clients_would_not_fetch_if_they_knew_its_size(served, monkeypatch):
    approved(served)
    monkeypatch.setattr(hf_resolve, "MOST_OVER_HTTP", 1_000)
    client, path = reader(served), "/acme/tiny/resolve/main/weights/a.safetensors"
    client.headers["user-agent"] = "unknown/None; hf_hub/2.4.0; python/3.11"
    head = client.head(path)
    assert "content-length" not in head.headers
    assert "x-linked-size" not in head.headers
    assert head.headers["etag"]
    for others in ("llama-cpp", "unknown/None; hf_hub/0.36.2; python/3.11"):
        assert client.head(path, headers={"user-agent": others}).headers["content-length"] == "3000"
    assert client.get(path).content == FILES["weights/a.safetensors"]


def test_the_digest_of_a_file_stands_for_its_size(served):
    release = approved(served)
    stored = served.store.read_now(lambda c: release_files.of_release(c, release.release_id))
    assert {one.path: one.size for one in stored} == {path: len(body) for path, body in FILES.items()}
