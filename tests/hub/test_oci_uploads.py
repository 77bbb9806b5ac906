"""Blobs on their way in: at once, in parts, as a stream, taken over; and what is refused."""

import pytest
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher, digest
from tests.hub.shelved import bearer, gguf, published, reader
from tests.hub.test_oci_manifests import get

from weighbridge.fleet.permissions import Role
from weighbridge.hub import hub_tokens
from weighbridge.hub.states import State

BODY = bytes(range(256)) * 40


@pytest.fixture
def pia(served: Running) -> Pusher:
    """Somebody who may publish."""
    return Pusher(served)


def begun(pia: Pusher, query: str = "", content: bytes = b"", **headers: str):
    """Begin an upload."""
    return pia.ask("POST", f"acme/pushed/blobs/uploads/{query}", content, **headers)


def stored(pia: Pusher, said: str) -> bytes:
    """Return what the repository holds."""
    answer = pia.ask("GET", f"acme/pushed/blobs/{said}")
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_whole_blob(pia):
    answer = begun(pia)
    assert (answer.status_code, answer.headers["range"]) == (202, "0-0")
    assert answer.headers["location"].startswith("http://127.0.0.1:8480/v2/acme/pushed/blobs/uploads/")
    done = pia.ask("PUT", f"{answer.headers['location']}?digest={digest(BODY)}&etag=x-1", BODY)
    assert (done.status_code, done.headers["docker-content-digest"]) == (201, digest(BODY))
    assert pia.ask("GET", done.headers["location"]).content == BODY
    assert stored(pia, digest(BODY)) == BODY


def test_a_whole_blob_in_one_request(pia):
    assert begun(pia, f"?digest={digest(BODY)}", BODY).status_code == 201
    assert stored(pia, digest(BODY)) == BODY
    again = begun(pia, f"?digest={digest(BODY)}")
    assert again.status_code == 201, "it is here, and nothing is sent again"
    other = begun(pia, f"?digest={digest(b'other')}", x_content_length="5")
    assert other.status_code == 202, "it is not here, and its bytes did not come"


def test_parts_in_their_order(pia):
    where = begun(pia).headers["location"]
    for start in range(0, len(BODY), 4_000):
        part = BODY[start : start + 4_000]
        answer = pia.ask("PATCH", where, part, content_range=f"{start}-{start + len(part) - 1}")
        assert (answer.status_code, answer.headers["range"]) == (202, f"0-{start + len(part) - 1}")
        where = answer.headers["location"]
        state = pia.ask("GET", where)
        assert (state.status_code, state.headers["range"]) == (204, f"0-{start + len(part) - 1}")
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}").status_code == 201
    assert stored(pia, digest(BODY)) == BODY
    assert pia.ask("GET", where).status_code == 404, "an upload ends with its blob"


def test_the_last_part_may_come_with_the_digest(pia):
    where = begun(pia).headers["location"]
    assert pia.ask("PATCH", where, BODY[:5_000], content_range="0-4999").status_code == 202
    last = f"5000-{len(BODY) - 1}"
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}", BODY[5_000:], content_range=last).status_code == 201
    assert stored(pia, digest(BODY)) == BODY


def test_a_part_out_of_order_is_refused_and_the_upload_goes_on(pia):
    where = begun(pia).headers["location"]
    assert pia.ask("PATCH", where, BODY[:100], content_range="0-99").status_code == 202
    for start, end in ((200, 299), (0, 99), (50, 149)):
        for method, query in (("PATCH", ""), ("PUT", f"?digest={digest(BODY)}")):
            answer = pia.ask(method, where + query, BODY[start : end + 1], content_range=f"{start}-{end}")
            assert (answer.status_code, answer.headers["range"]) == (416, "0-99")
            assert answer.headers["location"] == where
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}", BODY[100:]).status_code == 201


def test_ollama_sends_a_part_again_after_an_error(pia):
    where, agent = begun(pia).headers["location"], {"user_agent": "ollama/0.30.0 (amd64 linux) Go/go1.25"}
    assert pia.ask("PATCH", where, BODY[:100], content_range="0-99").status_code == 202
    again = pia.ask("PATCH", where, BODY[:5_000], content_range="0-4999", **agent)
    assert (again.status_code, again.headers["range"]) == (202, "0-4999")
    answered = pia.ask("PATCH", where, BODY[:5_000], content_range="0-4999", **agent)
    assert (answered.status_code, answered.headers["range"]) == (202, "0-4999")
    assert pia.ask("PATCH", where, BODY[5_000:], content_range=f"5000-{len(BODY) - 1}", **agent).status_code == 202
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}&etag=a-2", content_length="0", **agent).status_code == 201
    assert stored(pia, digest(BODY)) == BODY


def test_a_stream(pia):
    where = begun(pia).headers["location"]
    assert pia.ask("PATCH", where, BODY).status_code == 202
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}").status_code == 201


def test_an_upload_can_be_given_up(pia):
    where = begun(pia).headers["location"]
    assert pia.ask("DELETE", where).status_code == 204
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        answer = pia.ask(method, f"{where}?digest={digest(BODY)}", b"x" if method in ("PATCH", "PUT") else b"")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_bytes_of_another_digest_are_refused(pia, algorithm):
    wrong = digest(b"other", algorithm)
    where = begun(pia, "?digest-algorithm=sha512").headers["location"]
    for answer in (begun(pia, f"?digest={wrong}", BODY), pia.ask("PUT", f"{where}?digest={wrong}", BODY)):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")
    assert pia.ask("HEAD", f"acme/pushed/blobs/{wrong}").status_code == 404


def test_a_blob_by_sha512(pia):
    said = pia.blob(BODY, algorithm="sha512")
    assert stored(pia, said) == BODY
    part = pia.ask("GET", f"acme/pushed/blobs/{said}", range="bytes=0-9")
    assert (part.status_code, part.content, part.headers["docker-content-digest"]) == (206, BODY[:10], said)


@pytest.mark.parametrize("bad", ["", "sha256:x", "md5:00", "sha256:" + "g" * 64])
def test_no_digest_is_refused(pia, bad):
    where = begun(pia).headers["location"]
    answer = pia.ask("PUT", f"{where}?digest={bad}", BODY)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "DIGEST_INVALID")


@pytest.mark.parametrize("bad", ["a-b", "5-1", "0-1", "0", "bytes */5", "-5", "0-99999999999999999999"])
def test_no_range_is_refused(pia, bad):
    where = begun(pia).headers["location"]
    answer = pia.ask("PATCH", where, b"123", content_range=bad)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "BLOB_UPLOAD_INVALID")


def test_one_takes_over_what_one_may_have(pia):
    said = pia.blob(BODY, "acme/first")
    answer = begun(pia, f"?mount={said}&from=acme/first")
    assert (answer.status_code, answer.headers["docker-content-digest"]) == (201, said)
    assert stored(pia, said) == BODY
    anywhere = pia.ask("POST", f"acme/third/blobs/uploads/?mount={said}")
    assert anywhere.status_code == 201
    assert begun(pia, f"?mount={digest(b'none')}&from=acme/first").status_code == 202
    assert begun(pia, f"?mount={said}&from=../x").status_code == 202


def test_one_takes_over_nothing_that_one_may_not_have(served: Running, pia):
    body = gguf(more=b"secret")
    published(served, {"a.gguf": body}, "acme/waiting", state=State.REVIEW)
    published(served, {"a.gguf": gguf()}, "acme/served")
    other = Pusher(served, "otto")
    own = other.blob(b"of otto", "acme/served")
    for said, source in (
        (digest(body), "acme/waiting"),
        (digest(body), "acme/served"),
        (digest(body), ""),
        (own, "acme/served"),
        (own, ""),
    ):
        answer = begun(pia, f"?mount={said}" + (f"&from={source}" if source else ""))
        assert answer.status_code == 202
        assert pia.ask("HEAD", f"acme/pushed/blobs/{said}").status_code == 404
    assert begun(pia, f"?mount={digest(gguf())}&from=acme/served").status_code == 201


def test_what_one_pushed_nobody_else_sees(served: Running, pia):
    said = pia.blob(BODY)
    other, ada = Pusher(served, "otto"), bearer(reader(served))
    assert other.ask("HEAD", f"acme/pushed/blobs/{said}").status_code == 404
    for method in ("GET", "HEAD"):
        assert get(served, f"acme/pushed/blobs/{said}", ada, method).status_code == 404
        assert get(served, f"acme/pushed/blobs/{said}", {}, method).status_code == 401


def test_another_one_cannot_go_on_with_an_upload(served: Running, pia):
    where = begun(pia).headers["location"]
    other = Pusher(served, "otto")
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        assert other.ask(method, f"{where}?digest={digest(BODY)}", BODY[:10]).status_code == 404
    elsewhere = where.replace("acme/pushed", "acme/other")
    assert pia.ask("PATCH", elsewhere, BODY).status_code == 404


def test_who_may_not_publish_is_told_so(served: Running):
    for headers in (bearer(reader(served)), bearer(reader(served, "eve", role=Role.ADMINISTRATOR))):
        answer = served.client().post("/v2/acme/pushed/blobs/uploads/", headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")
        assert "You may not do this with acme/pushed." in answer.text
    nobody = served.client().post("/v2/acme/pushed/blobs/uploads/")
    assert (nobody.status_code, "pull,push" in nobody.headers["www-authenticate"]) == (401, True)


def test_a_token_for_reading_is_not_enough(served: Running, pia):
    secret = pia.headers["Authorization"].split()[1]
    token = served.client().get("/token?scope=repository:acme/pushed:pull", headers=bearer(secret)).json()["token"]
    answer = served.client().post("/v2/acme/pushed/blobs/uploads/", headers=bearer(token))
    assert answer.status_code == 401
    assert 'scope="repository:acme/pushed:pull,push"' in answer.headers["www-authenticate"]
    both = served.client().get("/token?scope=repository:acme/pushed:pull,push", headers=bearer(secret)).json()["token"]
    assert served.client().post("/v2/acme/pushed/blobs/uploads/", headers=bearer(both)).status_code == 202
    mount = f"/v2/acme/pushed/blobs/uploads/?mount={digest(BODY)}&from=acme/other"
    asked = served.client().post(mount, headers=bearer(both))
    scope = "repository:acme/pushed:pull,push repository:acme/other:pull"
    assert (asked.status_code, f'scope="{scope}"' in asked.headers["www-authenticate"]) == (401, True)
    wide = served.client().get(f"/token?scope={scope}", headers=bearer(secret)).json()["token"]
    assert served.client().post(mount, headers=bearer(wide)).status_code == 202
    only = reader(served, "rita", role=Role.ADMINISTRATOR, right=hub_tokens.READ)
    asked = served.client().get("/token?scope=repository:acme/pushed:push", headers=bearer(only)).json()["token"]
    assert served.client().post("/v2/acme/pushed/blobs/uploads/", headers=bearer(asked)).status_code == 403


def test_an_empty_blob(pia):
    said = pia.blob(b"")
    assert stored(pia, said) == b""
    assert begun(pia, f"?digest={said}").status_code == 201


def test_a_blob_is_taken_back(pia):
    said = pia.blob(BODY)
    assert pia.ask("DELETE", f"acme/pushed/blobs/{said}").status_code == 202
    assert pia.ask("HEAD", f"acme/pushed/blobs/{said}").status_code == 404
    again = pia.ask("DELETE", f"acme/pushed/blobs/{said}")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (404, "BLOB_UNKNOWN")
