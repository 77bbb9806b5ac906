"""New releases by upload."""

import pytest
from tests.hub.approved import approved
from tests.hub.holding import sha256
from tests.hub.uploading import MODEL, before, committed, files_of, lines, reader, within, writer

from weighbridge.fleet import audit
from weighbridge.hub import branches, models
from weighbridge.hub.names import parse_name


def model_id(served):
    """Return the id of the model that these tests write to."""
    return served.store.read_now(lambda c: models.by_name(c, parse_name("acme/tiny"))).model_id


def test_a_release_that_nobody_reads_yet(served):
    client = writer(served)
    answer = committed(client, within("config.json", b"{}"), within("a/b.txt", b""), summary="first")
    assert answer.status_code == 200
    commit = answer.json()["commitOid"]
    assert answer.json()["commitUrl"] == f"http://127.0.0.1:8480/acme/tiny/commit/{commit}"
    assert "quarantine" in answer.headers["x-hf-warning"]
    assert files_of(served, commit, model_id(served)) == {"config.json": sha256(b"{}"), "a/b.txt": sha256(b"")}
    for revision in ("main", commit):
        for somebody in (client, reader(served, name=f"r{revision[:5]}")):
            refused = somebody.get(f"/acme/tiny/resolve/{revision}/config.json")
            assert (refused.status_code, refused.headers["x-error-code"]) == (403, "GatedRepo")
            assert "not approved yet" in refused.json()["error"]
    (entry,) = [one for one in served.store.read_now(lambda c: audit.newest(c, 50)) if one.action == "model.upload"]
    assert entry.account_name == "wendy"
    assert commit in entry.detail


def test_readers_keep_what_was_approved_while_writers_go_on(served):
    first = approved(served, {"a": b"1", "b": b"2"})
    client = writer(served)
    removed = {"key": "deletedFile", "value": {"path": "b"}}
    answer = committed(client, within("c", b"3"), removed, parentCommit=first.commit_id)
    assert files_of(served, answer.json()["commitOid"], model_id(served)) == {"a": sha256(b"1"), "c": sha256(b"3")}
    assert client.get(f"{MODEL}/revision/main").json()["sha"] == first.commit_id
    refused = committed(client, within("d", b"4"), parentCommit=first.commit_id)
    assert refused.status_code == 412


def test_nothing_new_is_no_release(served):
    client = writer(served)
    first = committed(client, within("a", b"1")).json()["commitOid"]
    assert committed(client, within("a", b"1")).json()["commitOid"] == first


def test_what_did_not_come_cannot_be_committed(served):
    answer = committed(writer(served), within("a", b"1"), before("b", b"never sent"))
    assert answer.status_code == 400
    assert "did not come" in answer.json()["error"]
    assert served.store.read_now(models.count) == 0


@pytest.mark.parametrize(
    "part",
    [
        within("../../etc/passwd", b""),
        within("a/../b", b""),
        within("/a", b""),
        within("a\\b", b""),
        within("C:x", b""),
        within("x" * 2_000, b""),
        within("a\u202eb", b""),
        within("e\u0301", b""),
        within("a\x00b", b""),
        within(".git/hooks/x", b""),
        before("..", b""),
        {"key": "lfsFile", "value": {"path": "a", "oid": "x", "algo": "sha256"}},
        {"key": "lfsFile", "value": {"path": "a", "oid": "0" * 64, "algo": "md5"}},
    ],
)
def test_nothing_of_a_wrong_commit_stays(served, part):
    answer = committed(writer(served), within("good", b"1"), part)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert served.store.read_now(models.count) == 0


def test_a_file_and_a_folder_of_one_name(served):
    assert committed(writer(served), within("a", b"1"), within("a/b", b"2")).status_code == 400


@pytest.mark.parametrize("revision", ["a..b", "%2e%2e", "-x", "a%2F%2Fb", "x.lock", "%ff", "%F0%9F%98%80"])
def test_no_branch(served, revision):
    answer = committed(writer(served), within("a", b"1"), address=f"{MODEL}/commit/{revision}")
    assert answer.status_code == 400


def test_a_branch_with_slashes(served):
    answer = committed(writer(served), within("a", b"1"), address=f"{MODEL}/commit/refs%2Fheads%2Fx")
    assert answer.status_code == 200
    assert served.store.read_now(lambda c: branches.find(c, model_id(served), "refs/heads/x")).staged


def test_those_who_may_not(served):
    approved(served)
    for client, status in ((reader(served), 403), (served.client(), 401), (writer(served), 400)):
        body = lines(within("a", b"1")) if status != 400 else b"nonsense"
        assert client.post(f"{MODEL}/commit/main", content=body).status_code == status


def test_very_many_files(served):
    client = writer(served)
    assert committed(client, within("a", b"x")).status_code == 200
    one = before("", b"x")["value"]
    parts = ({"key": "lfsFile", "value": one | {"path": f"d{at % 20}/{at}"}} for at in range(10_000))
    answer = committed(client, *parts)
    assert len(files_of(served, answer.json()["commitOid"], model_id(served))) == 10_001


def test_no_pull_request(served):
    answer = committed(writer(served), within("a", b"1"), address=f"{MODEL}/commit/main?create_pr=1")
    assert answer.status_code == 400
    assert "--create-pr" in answer.json()["error"]
