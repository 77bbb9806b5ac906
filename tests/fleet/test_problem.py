import pytest
from litestar.exceptions import MethodNotAllowedException, NotFoundException, ValidationException

from weighbridge.cli.error_codes import ERROR_CODES
from weighbridge.fleet.problem import RefusedError, not_found, problem_of, problem_response
from weighbridge.fleet.store_errors import cannot_read, cannot_write, too_busy
from weighbridge.model.errors import WeighbridgeError


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RefusedError(403, "E-form", "m", "h"), 403, "E-form"),
        (not_found("account"), 404, "E-not-found"),
        (WeighbridgeError("E-query", "m", "h"), 400, "E-query"),
        (too_busy(5), 503, "E-store-busy"),
        (cannot_write(OSError("full")), 503, "E-store-write"),
        (cannot_read(OSError("slow")), 503, "E-store-read"),
        (NotFoundException(), 404, "E-not-found"),
        (MethodNotAllowedException(), 405, "E-request"),
        (ValidationException(extra=[{"message": "wrong", "key": "name", "source": "body"}]), 400, "E-request"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), 400, "E-request"),
        (RecursionError(), 400, "E-request"),
        (ValueError("the secret"), 500, "E-internal"),
    ],
)
def test_every_error_has_status_code_sentence_and_hint(error, status, code):
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)
    assert problem.detail
    assert problem.hint
    assert problem.title
    assert problem.code in ERROR_CODES
    assert "the secret" not in problem.detail


def test_who_should_come_again_is_told_when():
    answer = problem_response(problem_of(RefusedError(429, "E-too-often", "m", "h", 1.2)))
    assert answer.headers["Retry-After"] == "2"
    assert problem_response(problem_of(too_busy(1))).headers["Retry-After"] == "5"
    assert "Retry-After" not in problem_response(problem_of(not_found("x"))).headers


def test_a_long_sentence_is_cut():
    assert len(problem_of(WeighbridgeError("E-query", "x" * 5_000, "y" * 5_000)).detail) == 500
