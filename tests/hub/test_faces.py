"""Which request is whose: by the path as it came, and never past the access that a route declares."""

import re

import pytest
from tests.fleet.serving import Running
from tests.hub.approved import approved, bearer

from weighbridge.hub.faces import ANYONE, LOGIN, READ, SIGNED, WRITE, takes_long
from weighbridge.hub.registry import ROUTES


def test_each_route_declares_what_it_asks_for():
    for route in ROUTES:
        assert route.access in (ANYONE, LOGIN, READ, SIGNED, WRITE)
        assert route.face in ("hf", "oci", "blob")
        assert route.methods
        re.compile(route.pattern)


def test_what_needs_no_account_is_a_short_list():
    """Whoever opens a route changes this list, and a reviewer sees it."""
    assert sorted({route.answer.__name__ for route in ROUTES if route.access in (ANYONE, LOGIN, SIGNED)}) == [
        "agent_harnesses",
        "begin_login",
        "browse",
        "end_parts",
        "get_token",
        "give_token",
        "linked",
        "no_discussion",
        "not_by_this_api",
        "nothing_here",
        "put_part",
        "put_whole",
        "signed_blob",
        "telemetry",
        "validate_card",
        "whoami",
    ]


def test_a_percent_sign_in_a_path_divides_nothing(served: Running):
    approved(served)
    headers = bearer(served)
    split = served.client().get("/api/models/acme/tiny/revision/refs%2Fpr%2F1", headers=headers)
    assert (split.status_code, split.headers["x-error-code"]) == (404, "RevisionNotFound")


@pytest.mark.parametrize("path", ["/api/models", "/api/models/acme/tiny", "/v2/", "/acme/tiny/resolve/main/README.md"])
def test_without_an_account_each_face_says_so_in_its_dialect(served: Running, path):
    approved(served)
    answer = served.client().get(path)
    assert answer.status_code == 401
    body = answer.json()
    assert ("errors" in body) is path.startswith("/v2")
    assert "www-authenticate" in answer.headers


def test_everything_else_is_the_consoles(served: Running):
    assert served.client().get("/health/live").status_code == 200
    assert served.client().get("/catalog").status_code in (302, 303, 401)


def test_what_goes_wrong_is_told_in_the_dialect_of_the_face(served: Running):
    headers = bearer(served, right="write")
    answer = served.client().get("/api/datasets/acme/tiny", headers=headers)
    assert answer.status_code == 404
    assert "error" in answer.json()
    refused = served.client().get("/v2/acme/tiny/blobs/sha256:zz", headers=headers)
    assert refused.json()["errors"][0]["code"] == "DIGEST_INVALID"


@pytest.mark.parametrize(
    ("path", "long"),
    [
        ("/v2/acme/tiny/blobs/uploads/" + "0" * 32, True),
        ("/lfs/" + "0" * 64, True),
        ("/xet/ada/0/v1/xorbs/default/" + "0" * 64, True),
        ("/xet/ada/0/v2/shards", True),
        ("/xet/ada/0/v1/telemetry", False),
        ("/api/models/acme/tiny/preupload/main", False),
        ("/api/v1/models", False),
        ("/", False),
    ],
)
def test_uploads_may_take_long(path, long):
    assert takes_long({"raw_path": path.encode()}) is long
