"""Large files in parts, one of which breaks off."""

import hashlib

import pytest
from tests.hub.uploading import before, committed, writer

from weighbridge.hub import blob_index, hf_lfs_parts

BODY = bytes(range(256)) * 41
OID = hashlib.sha256(BODY).hexdigest()
PART = 4_096


@pytest.fixture
def begun(served, monkeypatch):
    """A writer, and where the parts of a file go."""
    monkeypatch.setattr(hf_lfs_parts, "PART", PART)
    client = writer(served)
    sent = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": [{"oid": OID, "size": len(BODY)}]}
    answer = client.post("/acme/tiny.git/info/lfs/objects/batch", json=sent)
    return client, answer.json()["objects"][0]["actions"]["upload"]


def parts(upload):
    """Return the addresses of parts with their bytes, as a stock client pairs them."""
    size = int(upload["header"]["chunk_size"])
    numbers = sorted(int(key) for key in upload["header"] if key.isdigit())
    assert len(numbers) == -(-len(BODY) // size)
    return [(upload["header"][str(number)], BODY[(number - 1) * size : number * size]) for number in numbers]


def test_parts_make_a_file(served, begun):
    client, upload = begun
    for href, body in parts(upload):
        assert served.client().put(href, content=body).headers["etag"]
    assert served.client().post(upload["href"], json={"oid": OID, "parts": []}).status_code == 200
    assert committed(client, before("model.bin", BODY)).status_code == 200
    assert served.store.read_now(lambda c: blob_index.find(c, OID)).size == len(BODY)


def test_a_part_that_broke_off_is_sent_again(served, begun):
    _, upload = begun
    (first, body), (second, more), (third, rest) = parts(upload)
    anybody = served.client()
    assert anybody.put(first, content=body[:1_000]).status_code == 400
    assert anybody.put(second, content=more).status_code == 409
    assert anybody.put(first, content=body).status_code == 200
    assert anybody.put(first, content=body).status_code == 200
    assert anybody.put(second, content=more).status_code == 200
    assert anybody.put(third, content=rest + b"x").status_code == 400
    assert anybody.post(upload["href"], json={"oid": OID}).status_code in (200, 400)


def test_wrong_bytes_end_it(served, begun):
    _, upload = begun
    anybody = served.client()
    for href, body in parts(upload):
        anybody.put(href, content=b"y" * len(body))
    answer = anybody.post(upload["href"], json={"oid": OID})
    assert answer.status_code == 400
    assert anybody.post(upload["href"], json={"oid": OID}).status_code == 404
    assert served.store.read_now(lambda c: blob_index.find(c, OID)) is None


def test_addresses_are_for_one_part(served, begun):
    _, upload = begun
    (first, body), *_ = parts(upload)
    anybody = served.client()
    assert anybody.put(first.replace("/1?", "/2?"), content=body).status_code == 403
    assert anybody.post(upload["href"], json={"oid": "0" * 64}).status_code == 403
    assert anybody.post(first.replace("/1?", "?"), json={"oid": OID}).status_code == 403
