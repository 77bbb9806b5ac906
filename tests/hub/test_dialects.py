"""One refusal in the terms of each face: what its clients read, and nothing that makes them believe something else."""

import json

import pytest

from weighbridge.fleet.problem import RefusedError, problem_of
from weighbridge.hub import dialects, refusal
from weighbridge.hub.refusal import Refusal

REASONS = {
    refusal.UNKNOWN: (403, "GatedRepo", 403, "DENIED"),
    refusal.PENDING_REVIEW: (403, "GatedRepo", 403, "DENIED"),
    refusal.REJECTED: (403, "GatedRepo", 403, "DENIED"),
    refusal.EXPIRED: (403, "GatedRepo", 403, "DENIED"),
    refusal.REVOKED: (404, "RevisionNotFound", 403, "DENIED"),
    refusal.NO_REVISION: (404, "RevisionNotFound", 404, "MANIFEST_UNKNOWN"),
    refusal.NO_FILE: (404, "EntryNotFound", 404, "BLOB_UNKNOWN"),
    refusal.NO_ACCOUNT: (401, None, 401, "UNAUTHORIZED"),
    refusal.NOT_ALLOWED: (403, None, 403, "DENIED"),
}


def why(reason: str) -> Refusal:
    return Refusal(reason=reason, sentence="It is not\r\nhere: é.", hint="Ask.", link="https://hub.example/catalog")


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_has_its_status_and_code(reason: str) -> None:
    status, code, oci_status, oci_code = REASONS[reason]
    said = dialects.refused("hf", why(reason))
    assert (said.status, said.headers.get("x-error-code")) == (status, code)
    assert said.headers["x-error-message"] == "It is not??here: ?. Ask. https://hub.example/catalog"
    assert "é" in json.loads(said.body)["error"]
    told = dialects.refused("oci", why(reason))
    assert told.status == oci_status
    assert json.loads(told.body)["errors"] == [{"code": oci_code, "message": why(reason).text}]


@pytest.mark.parametrize("face", ["hf", "oci"])
def test_no_header_holds_what_ends_a_header(face: str) -> None:
    for reason in REASONS:
        for value in dialects.refused(face, why(reason)).headers.values():
            assert value.isascii()
            assert value.isprintable()


def test_a_problem_says_when_to_come_again_and_in_whose_terms() -> None:
    slow = problem_of(RefusedError(429, "E-too-many", "you ask too often", "wait", 3.2))
    for face in ("hf", "oci"):
        assert dialects.failed(face, slow).headers["retry-after"] == "4"
    assert b"TOOMANYREQUESTS" in dialects.failed("oci", slow).body
    damaged = problem_of(RefusedError(400, "E-blob-digest", "other bytes came", "send them again"))
    assert b"DIGEST_INVALID" in dialects.failed("oci", damaged).body
    bad = problem_of(RefusedError(401, "E-not-signed-in", "this token has ended", "make a new one"))
    # With other words huggingface_hub says of a 401 that the model is not there.
    assert dialects.failed("hf", bad).headers["x-error-message"] == "Invalid credentials in Authorization header"


def test_a_header_is_one_short_line() -> None:
    assert dialects.one_line("a\nb\x7f" + "c" * 2_000) == "a?b?" + "c" * 996
