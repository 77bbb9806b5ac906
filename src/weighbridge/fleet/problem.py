"""What a client is told when something cannot be done: status, code, sentence and hint; never a traceback.

Source: RFC 9457 (`application/problem+json`); RFC 9110, chapter 15, for the status codes.
"""

import math
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import Struct

from weighbridge.model.errors import WeighbridgeError

MEDIA_TYPE = "application/problem+json"
_STATUS = {
    "E-blob-busy": 409,
    "E-blob-full": 507,
    "E-blob-read": 500,
    "E-blob-write": 500,
    "E-commit-parent": 409,
    "E-hub-quota": 413,
    "E-release-state": 409,
    "E-store-busy": 503,
    "E-store-read": 503,
    "E-store-write": 503,
}
_CODES = {
    400: ("E-request", "see the description of the API under /api/v1/openapi.json"),
    404: ("E-not-found", "check the address; what you may not see is not found either"),
    405: ("E-request", "see the description of the API under /api/v1/openapi.json"),
    413: ("E-too-large", "send less at once"),
    415: ("E-request", "send JSON, with `Content-Type: application/json`"),
}
_RETRY_SECONDS = 5.0


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem, as it is sent."""

    title: str
    status: int
    code: str
    detail: str
    hint: str
    type: str = "about:blank"
    retry_in: float = 0.0
    """Seconds after which it may go better; 0.0 if time changes nothing."""


class RefusedError(WeighbridgeError):
    """A request that is answered with a problem.

    Args:
        status: of HTTP.
        code: explained by `wb explain`.
        message: one sentence.
        hint: what to do next.
        retry_in: seconds after which it may go better.
    """

    def __init__(self, status: int, code: str, message: str, hint: str, retry_in: float = 0.0) -> None:
        super().__init__(code, message, hint)
        self.status = status
        self.retry_in = retry_in


def not_found(what: str) -> RefusedError:
    """Return the error for something that is not there, or that this viewer does not see: nobody learns which."""
    return RefusedError(404, "E-not-found", f"there is no such {what}", _CODES[404][1])


def problem_of(error: Exception) -> Problem:
    """Return what a client is told about an exception; of one that nobody foresaw, only that there was one."""
    if isinstance(error, RefusedError):
        return _problem(error.status, error.code, error.message, error.hint, error.retry_in)
    if isinstance(error, WeighbridgeError):
        status = _STATUS.get(error.code, 400)
        return _problem(status, error.code, error.message, error.hint, _RETRY_SECONDS if status == 503 else 0.0)
    if isinstance(error, HTTPException) and error.status_code < 500:
        code, hint = _CODES.get(error.status_code, _CODES[400])
        return _problem(error.status_code, code, _said(error), hint)
    if isinstance(error, UnicodeError):
        return _problem(400, "E-request", "the request is not valid text", _CODES[400][1])
    if isinstance(error, RecursionError):  # nothing here recurses but what reads a request
        return _problem(400, "E-request", "the request is nested too deeply", _CODES[400][1])
    return _problem(500, "E-internal", "the server failed on this request", "its log says more; please report it")


def problem_response(problem: Problem) -> Response[bytes]:
    """Return the answer for programs."""
    headers = {"Retry-After": str(math.ceil(problem.retry_in))} if problem.retry_in else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="weighbridge"'
    return Response(
        content=msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def wants_page(request: "Request[Any, Any, Any]") -> bool:
    """Tell whether a person in a browser asked, rather than a program."""
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.scope["path"].startswith(("/api/", "/v1/"))


def _problem(status: int, code: str, detail: str, hint: str, retry_in: float = 0.0) -> Problem:
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, code=code, detail=detail[:500], hint=hint[:500], retry_in=retry_in)


def _said(error: HTTPException) -> str:
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        said = [
            f"{part.get('source', 'request')} {part.get('key', '')}: {part.get('message', '')}".replace("data: ", "")
            for part in error.extra
            if isinstance(part, dict)
        ]
        return "; ".join(said) or "the request does not fit"
    return {404: "there is nothing here", 405: "this cannot be done here", 413: "the request is too large"}.get(
        error.status_code, "the request cannot be read"
    )
