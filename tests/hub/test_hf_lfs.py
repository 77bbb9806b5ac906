"""Files that come before their commit."""

import hashlib

import pytest
from tests.hub.approved import approved, moved
from tests.hub.uploading import before, committed, reader, writer

from weighbridge.fleet import accounts
from weighbridge.hub import blob_index
from weighbridge.hub.states import State

BODY = b"weights" * 1_000
OID = hashlib.sha256(BODY).hexdigest()
BATCH = "/acme/tiny.git/info/lfs/objects/batch"


def asked(client, *bodies: bytes, **more):
    """Ask where files go."""
    objects = [{"oid": hashlib.sha256(body).hexdigest(), "size": len(body)} for body in bodies]
    return client.post(BATCH, json={"operation": "upload", "transfers": ["basic"], "objects": objects, **more})


def test_a_file_goes_where_the_batch_says_and_needs_no_token_there(served):
    client = writer(served)
    (one,) = asked(client, BODY).json()["objects"]
    actions = one["actions"]
    assert client.post(actions["verify"]["href"], json={"oid": OID, "size": len(BODY)}).status_code == 404
    assert served.client().put(actions["upload"]["href"], content=BODY).status_code == 200
    assert client.post(actions["verify"]["href"], json={"oid": OID, "size": len(BODY)}).json() == {}
    assert "actions" not in asked(client, BODY).json()["objects"][0]
    assert committed(client, before("model.bin", BODY)).status_code == 200
    assert served.store.read_now(lambda c: blob_index.find(c, OID)).place == blob_index.QUARANTINE


def test_other_bytes_are_refused_and_nothing_is_kept(served):
    href = asked(writer(served), BODY).json()["objects"][0]["actions"]["upload"]["href"]
    for body in (b"x" * len(BODY), BODY[:-1], BODY + b"x", b""):
        answer = served.client().put(href, content=body)
        assert answer.status_code == 400, body[:3]
        assert answer.json()["error"]
    assert served.store.read_now(lambda c: blob_index.find(c, OID)) is None


def test_an_address_is_for_one_file_one_account_and_some_hours(served):
    client = writer(served)
    href = asked(client, BODY).json()["objects"][0]["actions"]["upload"]["href"]
    other = hashlib.sha256(b"other").hexdigest()
    for bad in (href.replace(OID, other), href[:-1], href.split("?")[0], href.replace("ticket=", "ticket=x")):
        assert served.client().put(bad, content=BODY).status_code == 403
    account = served.store.read_now(lambda c: accounts.by_name(c, "wendy"))
    served.clock.pass_seconds(7 * 3600)
    assert served.client().put(href, content=BODY).status_code == 403
    href = asked(client, BODY).json()["objects"][0]["actions"]["upload"]["href"]
    served.store.write_now(lambda c: accounts.disable(c, served.clock.now, account.account_id))
    assert served.client().put(href, content=BODY).status_code == 403


def test_what_others_sent_is_asked_for_again(served):
    """Whoever knows a digest alone neither learns that it is here, nor can commit it."""
    first = writer(served)
    assert served.client().put(asked(first, BODY).json()["objects"][0]["actions"]["upload"]["href"], content=BODY)
    second = writer(served, name="mallory")
    assert "actions" in asked(second, BODY).json()["objects"][0]
    answer = committed(second, before("stolen.bin", BODY), address="/api/models/mallory/x/commit/main")
    assert answer.status_code == 400
    assert "did not come" in answer.json()["error"]


def test_what_everybody_may_read_can_be_committed_anew(served):
    release = approved(served, {"model.bin": BODY}, name="other/model")
    client = writer(served)
    assert "actions" not in asked(client, BODY).json()["objects"][0]
    moved(served, release, State.REVOKED)
    assert "actions" in asked(client, BODY).json()["objects"][0]


def test_what_clients_call_the_digest(served):
    client = writer(served)
    for word in ("sha256", "sha_256"):
        assert "actions" in asked(client, BODY, hash_algo=word).json()["objects"][0]


@pytest.mark.parametrize(
    ("oid", "size"), [("x", 1), ("A" * 64, 1), ("a" * 64, -1), ("a" * 64, 1 << 60), ("../../" + "a" * 58, 1)]
)
def test_no_file(served, oid, size):
    answer = writer(served).post(BATCH, json={"operation": "upload", "objects": [{"oid": oid, "size": size}]})
    assert answer.json()["objects"][0]["error"]["code"] == 422


def test_no_batch(served):
    client = writer(served)
    assert asked(client, BODY, operation="download").status_code == 422
    assert asked(client, BODY, hash_algo="md5").status_code == 422
    assert client.post(BATCH, content=b"{").status_code == 400
    assert asked(reader(served), BODY).status_code == 403
    assert asked(served.client(), BODY).status_code == 401
