"""Uploads by the Xet protocol, from chunks to plain files."""

import asyncio
import hashlib
import json
import random

import pytest
from tests.hub.uploading import MODEL, before, committed, reader, writer
from tests.hub.xet_writing import LZ4, PLAIN, Xorb, shard

from weighbridge.hub import blob_index, hf_xet, xet_index

DICE = random.Random(11)
CHUNKS = [DICE.randbytes(900), b"a" * 5_000, DICE.randbytes(3_000), b"tail"]
FILE = b"".join(CHUNKS)
SHA = hashlib.sha256(FILE).hexdigest()


def where(client) -> str:
    """Return the path that an upload goes to."""
    answer = client.get(f"{MODEL}/xet-write-token/main")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert answer.headers["x-xet-cas-url"] == said["casUrl"]
    assert said["accessToken"] in client.headers["authorization"]
    return said["casUrl"].removeprefix("http://127.0.0.1:8480")


def sent(client, path: str, *xorbs: Xorb) -> None:
    """Send xorbs."""
    for xorb in xorbs:
        answer = client.post(f"{path}/v1/xorbs/default/{xorb.name}", content=xorb.body)
        assert answer.status_code == 200, answer.text


def stored(served, sha256: str) -> bytes | None:
    """Return the bytes under a digest."""
    blob = served.store.read_now(lambda c: blob_index.find(c, sha256))
    if blob is None:
        return None

    async def work() -> bytes:
        return b"".join([piece async for piece in served.hub.blobs.read(blob.place, sha256, 0, blob.size)])

    return asyncio.run(work())


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_chunks_become_a_file(served, version):
    client, xorb = writer(served), Xorb(CHUNKS, LZ4)
    path = where(client)
    sent(client, path, xorb)
    answer = client.post(f"{path}/{version}/shards", content=shard([(SHA, [(xorb, 0, 4)])]))
    assert answer.status_code == 200
    last = json.loads(answer.text.strip().split("\n")[-1])
    assert last["result"] == 1
    assert stored(served, SHA) == FILE
    assert committed(client, before("model.bin", FILE)).status_code == 200


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_client_does_not_wait_in_silence(served, version, monkeypatch):
    monkeypatch.setattr(hf_xet, "_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(hf_xet, "_BEAT_SECONDS", 0.0)
    client, xorb = writer(served), Xorb(CHUNKS, LZ4)
    path = where(client)
    sent(client, path, xorb)
    answer = client.post(f"{path}/{version}/shards", content=shard([(SHA, [(xorb, 0, 4)])]))
    assert answer.text[0] == (" " if version == "v1" else "{")
    assert json.loads(answer.text.strip().split("\n")[-1])["result"] == 1
    assert stored(served, SHA) == FILE


def test_a_file_of_parts_in_any_order_and_twice(served):
    client, one, two = writer(served), Xorb(CHUNKS, LZ4), Xorb([b"x" * 100, CHUNKS[2]], PLAIN)
    wanted = CHUNKS[2] + CHUNKS[0] + CHUNKS[1] + b"x" * 100 + CHUNKS[2] + CHUNKS[0]
    parts = [(one, 2, 3), (one, 0, 2), (two, 0, 2), (one, 0, 1)]
    path, name = where(client), hashlib.sha256(wanted).hexdigest()
    sent(client, path, one, two)
    assert client.post(f"{path}/v1/shards", content=shard([(name, parts), (SHA, [(one, 0, 4)])])).status_code == 200
    assert stored(served, name) == wanted
    assert stored(served, SHA) == FILE


def test_chunks_that_were_sent_before_are_not_sent_again(served):
    """What came as a xorb goes when files hold all of it; the chunks are then taken from these."""
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    sent(client, path, xorb)
    halves = [b"".join(CHUNKS[:2]), b"".join(CHUNKS[2:])]
    names = [hashlib.sha256(half).hexdigest() for half in halves]
    both = shard([(names[0], [(xorb, 0, 2)]), (names[1], [(xorb, 2, 4)])])
    assert client.post(f"{path}/v1/shards", content=both).status_code == 200
    raw = served.store.read_now(lambda c: blob_index.find(c, SHA))
    assert raw.stored_at == 0, "what nobody needs any more waits to be collected"
    served.hub.blobs.remove_now(SHA)
    served.store.write_now(lambda c: blob_index.forget(c, SHA))
    again = CHUNKS[1] + CHUNKS[2]
    name = hashlib.sha256(again).hexdigest()
    assert client.post(f"{path}/v1/shards", content=shard([(name, [(xorb, 1, 3)])])).status_code == 200
    assert stored(served, name) == again


def test_a_xorb_that_a_file_is_stays(served):
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    sent(client, path, xorb)
    client.post(f"{path}/v1/shards", content=shard([(SHA, [(xorb, 0, 4)])]))
    assert served.store.read_now(lambda c: blob_index.find(c, SHA)).stored_at > 0


def test_chunks_that_are_gone_give_the_client_a_new_beginning(served):
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    sent(client, path, xorb)
    served.hub.blobs.remove_now(SHA)
    served.store.write_now(lambda c: blob_index.forget(c, SHA))
    body = shard([(SHA, [(xorb, 0, 4)])])
    answer = client.post(f"{path}/v1/shards", content=body)
    assert answer.status_code == 400
    assert "Begin the upload again" in answer.json()["error"]
    new = where(client)
    assert new != path
    sent(client, new, xorb)
    assert client.post(f"{new}/v1/shards", content=body).status_code == 200


def test_nobody_builds_on_what_others_sent(served):
    first, xorb = writer(served), Xorb(CHUNKS)
    sent(first, where(first), xorb)
    second = writer(served, name="mallory")
    path = where(second)
    assert second.post(f"{path}/v1/shards", content=shard([(SHA, [(xorb, 0, 4)])])).status_code == 400
    assert second.get(f"{path}/v1/chunks/default/{xorb.name}").status_code == 404
    assert second.post(f"{where(first)}/v1/xorbs/default/{xorb.name}", content=xorb.body).status_code == 403
    assert second.post(f"{where(first)}/v1/shards", content=shard([])).status_code == 403


def test_a_file_that_is_not_what_its_digest_says(served):
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    sent(client, path, xorb)
    body = shard([("ab" * 32, [(xorb, 0, 4)])])
    assert client.post(f"{path}/v1/shards", content=body).status_code == 400
    told = client.post(f"{path}/v2/shards", content=body)
    assert json.loads(told.text.strip().split("\n")[-1])["type"] == "error"
    assert stored(served, "ab" * 32) is None


def test_proofs_and_sizes_are_checked(served):
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    sent(client, path, xorb)
    body = bytearray(shard([(SHA, [(xorb, 0, 4)])]))
    for at in (96 + 36, 96 + 44, 144):  # size and end of the part, its proof
        wrong = bytearray(body)
        wrong[at] ^= 1
        assert client.post(f"{path}/v1/shards", content=bytes(wrong)).status_code == 400, at


@pytest.mark.parametrize("body", [b"", b"x" * 1_000, Xorb(CHUNKS).body[:-1], Xorb(CHUNKS[:1]).body])
def test_a_broken_xorb_leaves_nothing(served, body):
    client, xorb = writer(served), Xorb(CHUNKS)
    path = where(client)
    assert client.post(f"{path}/v1/xorbs/default/{xorb.name}", content=body).status_code == 400
    account = path.split("/")[2]
    assert served.store.read_now(lambda c: xet_index.find_xorb(c, account, xorb.name)) is None


def test_those_who_may_not(served):
    viewer = reader(served)
    assert viewer.get(f"{MODEL}/xet-write-token/main").status_code == 403
    assert served.client().get(f"{MODEL}/xet-write-token/main").status_code == 401
    assert viewer.get(f"{MODEL}/xet-read-token/main").status_code == 403
    limited = writer(served, name="eve")
    path = where(limited)
    assert served.client().post(f"{path}/v1/shards", content=shard([])).status_code == 401
    assert viewer.post(f"{path}/v1/shards", content=shard([])).status_code == 403


def test_what_clients_tell_of_themselves_is_not_kept(served):
    assert served.client().post("/v1/telemetry", content=b"{}").status_code == 200
