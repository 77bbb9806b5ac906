"""Whatever is sent to the registry, it answers with a status that says something, in its own dialect, and goes on."""

import random

import pytest
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher, digest
from tests.hub.shelved import published
from tests.hub.test_oci_manifests import FILES, ORAS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
NAMES = ("acme/tiny", "ACME/Tiny", "acme", "a/b/c", "..", "acme/..", "%2e%2e/x", "acme%2ftiny", "é/è", "a" * 300, "")
ENDS = (
    "manifests/latest",
    f"manifests/{digest(b'x')}",
    "manifests/%00",
    "manifests/" + "a" * 200,
    f"blobs/{digest(FILES['LICENSE'])}",
    "blobs/sha256:",
    "blobs/uploads/",
    "blobs/uploads/?mount=x&from=../..",
    f"blobs/uploads/?mount={digest(b'x')}&from=%ff",
    "blobs/uploads/?digest=%00",
    "blobs/uploads/" + "0" * 32,
    "blobs/uploads/nothing",
    "tags/list?n=-1",
    "tags/list?n=999999999999999999999&last=%ff%00",
    f"referrers/{digest(b'x')}?artifactType=%ff",
    "referrers/x",
    "_catalog",
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"Range": "bytes=9-1"},
    {"Range": "bytes=-" + "9" * 30},
    {"Content-Range": "0-0"},
    {"Content-Range": "9" * 40 + "-1"},
    {"Content-Type": "\x7f; charset=\xff"},
    {"Accept": ",;=,," * 50},
    {"If-None-Match": '"' * 99},
    {"Authorization": "Basic ////"},
    {"Authorization": "Bearer wbr_e30.e30"},
    {"Host": "elsewhere.example"},
)
BODIES = (b"", b"{}", b"[" * 5_000, b"\xff\x00", b'{"schemaVersion":2,"layers":[{}]}')


@pytest.mark.parametrize("seed", range(4))
def test_nothing_that_is_sent_is_a_failure_of_the_server(served: Running, seed: int):
    published(served, FILES)
    pia, dice = Pusher(served), random.Random(seed)
    for _ in range(150):
        path = f"/v2/{dice.choice(NAMES)}/{dice.choice(ENDS)}"
        headers = {name.lower(): value for name, value in (pia.headers | dice.choice(HEADERS)).items()}
        encoded = {name: value.encode("latin-1") for name, value in headers.items()}
        method = dice.choice(METHODS)
        answer = pia.client.request(method, path, headers=encoded, content=dice.choice(BODIES))
        assert answer.status_code < 500, (method, path, headers, answer.text)
        if answer.status_code >= 400 and answer.headers.get("content-type") == "application/json" and method != "HEAD":
            said = answer.json()
            assert "errors" not in said or said["errors"][0]["message"], (method, path)
    assert pia.ask("GET", "acme/tiny/manifests/latest", **ORAS).status_code == 200


@pytest.mark.parametrize("seed", range(2))
def test_no_request_for_a_token_is_a_failure_of_the_server(served: Running, seed: int):
    dice = random.Random(seed)
    for _ in range(100):
        query = "".join(chr(dice.randrange(1, 256)) for _ in range(dice.randrange(40)))
        key = "".join(dice.choice("ABab01+/=:") for _ in range(dice.randrange(180)))
        headers = {"Authorization": dice.choice([f"{key}:{key}", f"Basic {key}", f"Bearer {key}", key])}
        answer = served.client().request(
            dice.choice(["GET", "POST"]), "/token", params={"scope": query}, headers=headers
        )
        assert answer.status_code in (401, 404, 405, 429)
