"""One refusal in two dialects: with what makes each client show it, and stop where it has to."""

import json

import pytest

from weighbridge.fleet.problem import Problem
from weighbridge.hub import dialects, refusal
from weighbridge.hub.refusal import Refusal

REASONS = [refusal.UNKNOWN, refusal.PENDING_REVIEW, refusal.REJECTED, refusal.REVOKED, refusal.EXPIRED]
REASONS += [refusal.NO_FILE, refusal.NO_REVISION, refusal.NO_ACCOUNT, refusal.NOT_ALLOWED]


def why(reason: str, sentence: str = "It is so.") -> Refusal:
    return Refusal(reason=reason, sentence=sentence, hint="Do this:", link="https://hub.example/x")


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("face", ["hf", "oci"])
def test_every_refusal_holds_its_words_and_is_an_error(face, reason):
    said = dialects.refused(face, why(reason))
    assert 400 <= said.status < 500
    assert b"It is so. Do this: https://hub.example/x" in said.body
    assert said.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("reason", "status", "code"),
    [
        (refusal.UNKNOWN, 403, "GatedRepo"),
        (refusal.PENDING_REVIEW, 403, "GatedRepo"),
        (refusal.REJECTED, 403, "GatedRepo"),
        (refusal.EXPIRED, 403, "GatedRepo"),
        (refusal.REVOKED, 404, "RevisionNotFound"),
        (refusal.NO_REVISION, 404, "RevisionNotFound"),
        (refusal.NO_FILE, 404, "EntryNotFound"),
        (refusal.NO_ACCOUNT, 401, None),
        (refusal.NOT_ALLOWED, 403, None),
    ],
)
def test_clients_of_the_hugging_face_hub(reason, status, code):
    """Only `RevisionNotFound` stops a client whose cache is full; the others are shown or asked about."""
    said = dialects.refused("hf", why(reason))
    assert (said.status, said.headers.get("x-error-code")) == (status, code)
    assert json.loads(said.body) == {"error": "It is so. Do this: https://hub.example/x"}
    assert said.headers["x-error-message"] == "It is so. Do this: https://hub.example/x"


def test_clients_of_a_registry():
    for reason in REASONS:
        said = dialects.refused("oci", why(reason))
        (error,) = json.loads(said.body)["errors"]
        assert error["message"].startswith("It is so.")
        assert error["code"].isupper()
    assert dialects.refused("oci", why(refusal.REVOKED)).status == 403


def test_headers_hold_one_line_whatever_the_words_are():
    said = dialects.refused("hf", why(refusal.REVOKED, "böse\r\nX-Injected: yes\0" + "x" * 5_000))
    for value in said.headers.values():
        assert value.isascii()
        assert value.isprintable()
        assert len(value) <= 1_100


@pytest.mark.parametrize("face", ["hf", "oci", "blob"])
@pytest.mark.parametrize("status", [400, 401, 404, 409, 413, 416, 429, 500, 503, 507])
def test_problems_keep_their_status(face, status):
    problem = Problem(title="t", status=status, code="E-x", detail="it is so", hint="do this", retry_in=2.5)
    said = dialects.failed(face, problem)
    assert said.status == status
    assert b"it is so. do this." in said.body.lower()
    assert said.headers["retry-after"] == "3"


@pytest.mark.parametrize("detail", ["acme/coder has v1 already", "coder.gguf is empty"])
def test_a_name_that_stands_first_stays_as_it_is_written(detail):
    problem = Problem(title="t", status=409, code="E-request", detail=detail, hint="choose another name")
    body = json.loads(dialects.failed("hf", problem).body)
    assert body["error"].startswith(detail)
    assert body["error"].endswith(" Choose another name.")
