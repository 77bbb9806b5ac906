"""OCI distribution 1.1, clause by clause: each endpoint with its success and failure, and each code of an error.

The names are those of the specification ("Endpoints", "Error Codes"). What a clause means in detail the files beside
this one try; the official suite was run by hand against the same server, with no failure.
"""

import json
from collections.abc import Callable

import pytest
from tests.fleet.serving import Running
from tests.fleet.serving import running as started
from tests.hub.pushing import Pusher, digest
from tests.hub.shelved import bearer, published, reader
from tests.hub.test_oci_manifests import FILES, ORAS

from weighbridge.fleet.settings import read_settings
from weighbridge.hub.media_types import OCI_INDEX, OCI_MANIFEST

HERE, OTHER = "acme/pushed", "acme/other"
BODY = b"some bytes of a layer"
Clause = Callable[[Pusher], None]


def code(answer, status: int) -> str:
    """Return the code of an error, whose body must be as the specification says."""
    assert answer.status_code == status, answer.text
    (error,) = answer.json()["errors"]
    assert set(error) <= {"code", "message", "detail"}
    assert error["message"]
    return error["code"]


def end_1(pia: Pusher) -> None:
    assert pia.ask("GET", "/v2/").status_code == 200
    assert pia.client.get("/v2/").status_code == 401


def end_2(pia: Pusher) -> None:
    said = pia.blob(BODY)
    for method, body in (("GET", BODY), ("HEAD", b"")):
        answer = pia.ask(method, f"{HERE}/blobs/{said}")
        assert (answer.status_code, answer.content) == (200, body)
        assert answer.headers["docker-content-digest"] == said
        assert answer.headers["content-length"] == str(len(BODY))
        assert pia.ask(method, f"{HERE}/blobs/{digest(b'none')}").status_code == 404
    part = pia.ask("GET", f"{HERE}/blobs/{said}", range="bytes=5-9")
    assert (part.status_code, part.content) == (206, BODY[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{len(BODY)}"


def end_3(pia: Pusher) -> None:
    manifest = pia.image()
    said = pia.manifest(manifest, "v1").headers["docker-content-digest"]
    for reference in ("v1", said):
        for method in ("GET", "HEAD"):
            answer = pia.ask(method, f"{HERE}/manifests/{reference}", **ORAS)
            assert (answer.status_code, answer.headers["docker-content-digest"]) == (200, said)
            assert answer.headers["content-type"] == OCI_MANIFEST
            assert int(answer.headers["content-length"]) == len(json.dumps(manifest).encode())
    for reference in ("v2", digest(b"none")):
        for method in ("GET", "HEAD"):
            assert pia.ask(method, f"{HERE}/manifests/{reference}").status_code == 404


def end_4a(pia: Pusher) -> None:
    answer = pia.ask("POST", f"{HERE}/blobs/uploads/", content_length="0")
    assert (answer.status_code, "location" in answer.headers) == (202, True)


def end_4b(pia: Pusher) -> None:
    answer = pia.ask("POST", f"{HERE}/blobs/uploads/?digest={digest(BODY)}", BODY)
    assert answer.status_code == 201
    assert pia.ask("GET", answer.headers["location"]).content == BODY
    assert pia.ask("POST", f"{HERE}/blobs/uploads/?digest={digest(b'none')}", BODY).status_code == 400


def end_4c(pia: Pusher) -> None:
    begun = pia.ask("POST", f"{HERE}/blobs/uploads/?digest-algorithm=sha512")
    said = digest(BODY, "sha512")
    assert pia.ask("PUT", f"{begun.headers['location']}?digest={said}", BODY).status_code == 201
    assert pia.ask("GET", f"{HERE}/blobs/{said}").content == BODY


def end_5(pia: Pusher) -> None:
    where = pia.ask("POST", f"{HERE}/blobs/uploads/").headers["location"]
    first = pia.ask("PATCH", where, BODY[:5], content_range="0-4")
    assert (first.status_code, first.headers["range"]) == (202, "0-4")
    assert pia.ask("PATCH", first.headers["location"], BODY[9:], content_range="9-20").status_code == 416
    assert pia.ask("PATCH", f"{HERE}/blobs/uploads/{'0' * 32}", BODY).status_code == 404


def end_6(pia: Pusher) -> None:
    where = pia.ask("POST", f"{HERE}/blobs/uploads/").headers["location"]
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}", BODY, content_range="3-23").status_code == 416
    done = pia.ask("PUT", f"{where}?digest={digest(BODY)}", BODY)
    assert done.status_code == 201
    assert pia.ask("GET", done.headers["location"]).content == BODY
    assert pia.ask("PUT", f"{where}?digest={digest(BODY)}", BODY).status_code == 404


def end_7a(pia: Pusher) -> None:
    content = json.dumps(pia.image()).encode()
    for reference in ("v1", digest(content), digest(content, "sha512")):
        answer = pia.ask("PUT", f"{HERE}/manifests/{reference}", content, content_type=f"{OCI_MANIFEST}; a=b")
        assert answer.status_code == 201, answer.text
        assert pia.ask("GET", answer.headers["location"]).content == content
    assert pia.ask("PUT", f"{HERE}/manifests/v1", bytes(6 << 20), content_type=OCI_MANIFEST).status_code == 413
    large = json.dumps(pia.image(annotations={"large": "a" * (4 << 20)})).encode()
    assert pia.ask("PUT", f"{HERE}/manifests/large", large, content_type=OCI_MANIFEST).status_code == 201


def end_7b(pia: Pusher) -> None:
    content = json.dumps(pia.image()).encode()
    tags = [f"t{number}" for number in range(10)]
    query = "&".join(f"tag={tag}" for tag in tags)
    path = f"{HERE}/manifests/{digest(content)}?{query}"
    answer = pia.ask("PUT", path, content, content_type=OCI_MANIFEST)
    assert [tag.strip() for tag in answer.headers["oci-tag"].split(",")] == tags
    assert pia.ask("GET", f"{HERE}/tags/list").json()["tags"] == tags


def end_8a(pia: Pusher) -> None:
    for tag in ("b", "a", "C"):
        pia.manifest(pia.image(), tag)
    assert pia.ask("GET", f"{HERE}/tags/list").json() == {"name": HERE, "tags": ["C", "a", "b"]}
    assert pia.client.get("/v2/none/none/tags/list", headers=bearer(reader(pia.running))).status_code == 404


def end_8b(pia: Pusher) -> None:
    for tag in ("a", "b", "c"):
        pia.manifest(pia.image(), tag)
    page = pia.ask("GET", f"{HERE}/tags/list?n=2")
    assert page.json()["tags"] == ["a", "b"]
    following = page.headers["link"].removeprefix("<").partition(">")[0]
    assert pia.ask("GET", following).json()["tags"] == ["c"]
    assert pia.ask("GET", f"{HERE}/tags/list?last=a").json()["tags"] == ["b", "c"]
    none = pia.ask("GET", f"{HERE}/tags/list?n=0")
    assert (none.json()["tags"], "link" in none.headers) == ([], False)


def end_9(pia: Pusher) -> None:
    said = pia.manifest(pia.image(), "v1").headers["docker-content-digest"]
    assert pia.ask("DELETE", f"{HERE}/manifests/v1").status_code == 202
    assert pia.ask("GET", f"{HERE}/manifests/v1").status_code == 404
    pia.manifest(pia.image(), "v1")
    assert pia.ask("DELETE", f"{HERE}/manifests/{said}").status_code == 202
    for reference in (said, "v1"):
        assert pia.ask("GET", f"{HERE}/manifests/{reference}").status_code == 404
        assert pia.ask("DELETE", f"{HERE}/manifests/{reference}").status_code == 404


def end_10(pia: Pusher) -> None:
    said = pia.blob(BODY)
    assert pia.ask("DELETE", f"{HERE}/blobs/{said}").status_code == 202
    assert pia.ask("GET", f"{HERE}/blobs/{said}").status_code == 404
    assert pia.ask("DELETE", f"{HERE}/blobs/{said}").status_code == 404


def end_11(pia: Pusher) -> None:
    said = pia.blob(BODY, OTHER)
    taken = pia.ask("POST", f"{HERE}/blobs/uploads/?mount={said}&from={OTHER}")
    assert taken.status_code == 201
    assert pia.ask("GET", taken.headers["location"]).content == BODY
    begun = pia.ask("POST", f"{HERE}/blobs/uploads/?mount={digest(b'none')}&from={OTHER}")
    assert (begun.status_code, "location" in begun.headers) == (202, True)


def end_12a(pia: Pusher) -> None:
    subject = {"mediaType": OCI_MANIFEST, "digest": digest(b"later"), "size": 5}
    put = pia.manifest(pia.image(subject=subject, annotations={"a": "b"}), "about")
    assert put.headers["oci-subject"] == subject["digest"]
    found = pia.ask("GET", f"{HERE}/referrers/{subject['digest']}")
    assert (found.status_code, found.headers["content-type"]) == (200, OCI_INDEX)
    (one,) = found.json()["manifests"]
    assert one["artifactType"] == "application/vnd.oci.image.config.v1+json", "of the config, where there is no other"
    assert (one["annotations"], one["digest"]) == ({"a": "b"}, put.headers["docker-content-digest"])
    nothing = pia.ask("GET", f"{HERE}/referrers/{digest(b'none')}")
    assert (nothing.status_code, nothing.json()["manifests"]) == (200, [])
    assert pia.ask("GET", f"{HERE}/referrers/none").status_code == 400


def end_12b(pia: Pusher) -> None:
    subject = {"mediaType": OCI_MANIFEST, "digest": digest(b"later"), "size": 5}
    for kind in ("application/x", "application/y"):
        pia.manifest(pia.image(subject=subject, artifactType=kind), kind.rpartition("/")[2])
    found = pia.ask("GET", f"{HERE}/referrers/{subject['digest']}?artifactType=application/x")
    assert found.headers["oci-filters-applied"] == "artifactType"
    assert [one["artifactType"] for one in found.json()["manifests"]] == ["application/x"]


def end_13(pia: Pusher) -> None:
    where = pia.ask("POST", f"{HERE}/blobs/uploads/").headers["location"]
    pia.ask("PATCH", where, BODY)
    state = pia.ask("GET", where)
    assert (state.status_code, state.headers["range"]) == (204, f"0-{len(BODY) - 1}")
    assert state.headers["location"] == where
    assert pia.ask("GET", f"{HERE}/blobs/uploads/{'0' * 32}").status_code == 404


def end_14(pia: Pusher) -> None:
    where = pia.ask("POST", f"{HERE}/blobs/uploads/").headers["location"]
    assert pia.ask("DELETE", where).status_code == 204
    assert pia.ask("DELETE", where).status_code == 404


def code_1(pia: Pusher) -> None:
    assert code(pia.ask("GET", f"{HERE}/blobs/{digest(b'none')}"), 404) in ("BLOB_UNKNOWN", "NAME_UNKNOWN")
    published(pia.running, FILES, HERE)
    assert code(pia.ask("GET", f"{HERE}/blobs/{digest(b'none')}"), 404) == "BLOB_UNKNOWN"


def code_2(pia: Pusher) -> None:
    where = pia.ask("POST", f"{HERE}/blobs/uploads/").headers["location"]
    assert code(pia.ask("PATCH", where, BODY, content_range="x"), 400) == "BLOB_UPLOAD_INVALID"


def code_3(pia: Pusher) -> None:
    assert code(pia.ask("PATCH", f"{HERE}/blobs/uploads/{'0' * 32}", BODY), 404) == "BLOB_UPLOAD_UNKNOWN"


def code_4(pia: Pusher) -> None:
    assert code(pia.ask("POST", f"{HERE}/blobs/uploads/?digest={digest(b'x')}", BODY), 400) == "DIGEST_INVALID"


def code_5(pia: Pusher) -> None:
    layer = {"mediaType": "a/b", "digest": digest(b"none"), "size": 4}
    assert code(pia.manifest(pia.image(layers=[layer]), "v1"), 400) == "MANIFEST_BLOB_UNKNOWN"


def code_6(pia: Pusher) -> None:
    assert code(pia.ask("PUT", f"{HERE}/manifests/v1", b"{}", content_type=OCI_MANIFEST), 400) == "MANIFEST_INVALID"


def code_7(pia: Pusher) -> None:
    published(pia.running, FILES, HERE)
    assert code(pia.ask("GET", f"{HERE}/manifests/none", **ORAS), 404) == "MANIFEST_UNKNOWN"


def code_8(pia: Pusher) -> None:
    assert code(pia.ask("GET", "/v2/a/b/c/tags/list"), 400) == "NAME_INVALID"


def code_9(pia: Pusher) -> None:
    assert code(pia.ask("GET", "none/none/manifests/latest", **ORAS), 404) == "NAME_UNKNOWN"


def code_10(pia: Pusher) -> None:
    large = pia.ask("PUT", f"{HERE}/manifests/v1", bytes(6 << 20), content_type=OCI_MANIFEST)
    assert code(large, 413) == "SIZE_INVALID"


def code_11(pia: Pusher) -> None:
    answer = pia.client.get(f"/v2/{HERE}/manifests/latest")
    assert code(answer, 401) == "UNAUTHORIZED"
    assert answer.headers["www-authenticate"].startswith('Bearer realm="http://127.0.0.1:8480/token"')


def code_12(pia: Pusher) -> None:
    headers = bearer(reader(pia.running))
    assert code(pia.client.post(f"/v2/{HERE}/blobs/uploads/", headers=headers), 403) == "DENIED"


def code_13(pia: Pusher) -> None:
    published(pia.running, FILES, HERE)
    assert code(pia.ask("DELETE", f"{HERE}/manifests/latest"), 405) == "UNSUPPORTED"


CLAUSES: dict[str, Clause] = {
    name.replace("_", "-"): value for name, value in list(globals().items()) if name.startswith(("end_", "code_"))
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_clause(served: Running, clause: str):
    CLAUSES[clause](Pusher(served))


def test_too_many_requests_are_said_as_such(store):
    with started(store, read_settings(flags={"requests_per_minute": 1})) as running:
        headers, client = bearer(reader(running)), running.client()
        answers = (client.get("/v2/", headers=headers) for _ in range(1_000))
        refused = next(answer for answer in answers if answer.status_code != 200)
        assert code(refused, 429) == "TOOMANYREQUESTS"
        assert int(refused.headers["retry-after"]) > 0


def test_no_clause_is_left_out():
    ends = [
        "1",
        "2",
        "3",
        "4a",
        "4b",
        "4c",
        "5",
        "6",
        "7a",
        "7b",
        "8a",
        "8b",
        "9",
        "10",
        "11",
        "12a",
        "12b",
        "13",
        "14",
    ]
    assert set(CLAUSES) == {f"end-{one}" for one in ends} | {f"code-{number}" for number in range(1, 14)}


def test_on_either_database(store):
    with started(store) as running:
        pia = Pusher(running)
        for clause in ("end-2", "end-3", "end-5", "end-6", "end-7a", "end-11", "end-12a", "end-9", "end-10"):
            CLAUSES[clause](pia)
