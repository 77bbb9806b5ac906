"""Blobs of a repository: whole, in parts, by an address of their own, and never those of another or of none."""

import hashlib
from urllib.parse import urlsplit

import pytest
from tests.fleet.serving import Running
from tests.hub.shelved import bearer, gguf, published, reader
from tests.hub.test_oci_manifests import FILES, OLLAMA, get, revoke_all

from weighbridge.hub.states import State

MODEL = FILES["Tiny.Q4_K_M.gguf"]


def digest(content: bytes) -> str:
    """Return a digest as OCI writes it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.fixture
def hub(served: Running):
    """A running hub with one model, and the headers of somebody who reads."""
    published(served, FILES)
    return served, bearer(reader(served))


def test_a_file_is_a_blob_by_its_own_digest(hub):
    running, headers = hub
    answer = get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers)
    assert (answer.status_code, answer.content) == (200, MODEL)
    assert answer.headers["docker-content-digest"] == digest(MODEL)
    assert answer.headers["content-type"] == "application/octet-stream"
    head = get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(MODEL)))


def test_ollama_finds_an_address_that_needs_no_token(hub):
    running, headers = hub
    config = get(running, "acme/tiny/manifests/latest", headers | OLLAMA).json()["config"]
    for wanted in (digest(MODEL), config["digest"]):
        answer = get(running, f"acme/tiny/blobs/{wanted}", headers | OLLAMA)
        assert answer.status_code == 200
        address = urlsplit(answer.headers["location"])
        assert (address.scheme, address.netloc) == ("http", "127.0.0.1:8480")
        part = running.client().get(f"{address.path}?{address.query}", headers={"Range": "bytes=4-9"})
        assert (part.status_code, part.content) == (206, answer.content[4:10])
        whole = running.client().get(f"{address.path}?{address.query}")
        assert whole.content == answer.content


def test_such_an_address_lasts_as_long_as_a_large_model_takes(hub):
    running, headers = hub
    address = urlsplit(get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers).headers["location"])
    for seconds, status in ((20 * 3600, 200), (5 * 3600, 403)):
        running.clock.pass_seconds(seconds)
        assert running.client().get(f"{address.path}?{address.query}").status_code == status


def test_such_an_address_opens_nothing_once_the_release_is_revoked(hub):
    running, headers = hub
    config = get(running, "acme/tiny/manifests/latest", headers | OLLAMA).json()["config"]
    addresses = [
        urlsplit(get(running, f"acme/tiny/blobs/{wanted}", headers).headers["location"])
        for wanted in (digest(MODEL), config["digest"])
    ]
    revoke_all(running)
    for address in addresses:
        assert running.client().get(f"{address.path}?{address.query}").status_code in (403, 404)


@pytest.mark.parametrize(
    ("asked", "status", "slice_"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=10-", 206, slice(10, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=999999-", 416, None),
    ],
)
def test_parts_of_a_file_and_of_a_config(hub, asked, status, slice_):
    running, headers = hub
    config = get(running, "acme/tiny/manifests/latest", headers | OLLAMA).json()["config"]["digest"]
    for wanted in (digest(MODEL), config):
        whole = get(running, f"acme/tiny/blobs/{wanted}", headers).content
        answer = get(running, f"acme/tiny/blobs/{wanted}", headers | {"Range": asked})
        assert answer.status_code == status
        if slice_ is not None:
            assert answer.content == whole[slice_]


def test_a_digest_opens_only_the_repository_that_holds_it(hub):
    running, headers = hub
    published(running, {"other.json": b"[1]"}, "acme/other")
    for path in (f"acme/other/blobs/{digest(MODEL)}", f"acme/tiny/blobs/{digest(b'[1]')}"):
        answer = get(running, path, headers)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "BLOB_UNKNOWN")


@pytest.mark.parametrize(
    "state", [one for one in State if one not in (State.FETCHING, State.APPROVED, State.DEPRECATED)]
)
@pytest.mark.parametrize("asked", [None, "bytes=0-3"])
def test_no_blob_of_a_release_that_is_not_served(served: Running, state: State, asked):
    body = gguf(more=b"secret")
    published(served, {"a.gguf": body}, state=state)
    headers = bearer(reader(served)) | ({"Range": asked} if asked else {})
    for method in ("GET", "HEAD"):
        answer = get(served, f"acme/tiny/blobs/{digest(body)}", headers, method)
        assert answer.status_code == 403
        assert b"secret" not in answer.content
        assert "location" not in answer.headers


def test_bytes_that_a_served_release_shares_with_a_waiting_one_are_served_as_the_first_ones(hub):
    running, headers = hub
    published(running, {"same.gguf": MODEL, "new.json": b"2"}, state=State.QUARANTINED, from_nothing=True)
    assert get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers).status_code == 200
    assert get(running, f"acme/tiny/blobs/{digest(b'2')}", headers).status_code == 403


@pytest.mark.parametrize("bad", ["sha256:zz", "sha256:" + "A" * 64, "md5:" + "0" * 32, "latest", "sha256:%00"])
def test_what_is_no_digest_is_refused(hub, bad):
    running, headers = hub
    answer = get(running, f"acme/tiny/blobs/{bad}", headers)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")


def test_who_pulled_is_noted(hub):
    running, headers = hub
    get(running, "acme/tiny/manifests/latest", headers | OLLAMA)
    get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers | OLLAMA)
    get(running, f"acme/tiny/blobs/{digest(MODEL)}", headers | OLLAMA, "HEAD")
    ((key, sums),) = running.hub.pulled.items()
    assert key[2].startswith("ollama")
    assert (sums["requests"], sums["bytes"] > len(MODEL)) == (2, True)
