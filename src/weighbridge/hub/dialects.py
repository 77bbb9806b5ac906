"""How each face says no: the status, headers and body that its clients show to their people.

Sources: huggingface_hub, `utils/_http.py` (`X-Error-Code`, `X-Error-Message`, `X-HF-Warning`); OCI distribution 1.1,
"Error Codes"; Ollama, `server/images.go` (any status from 400 but 401 and 404 is shown with its body).
"""

from typing import NamedTuple

import msgspec

from weighbridge.fleet.problem import Problem
from weighbridge.hub import refusal
from weighbridge.hub.refusal import Refusal

_OCI_CODES = {400: "UNSUPPORTED", 401: "UNAUTHORIZED", 404: "NAME_UNKNOWN", 413: "SIZE_INVALID", 429: "TOOMANYREQUESTS"}
_OCI_ERRORS = {
    "E-blob-digest": "DIGEST_INVALID",
    "E-blob-size": "SIZE_INVALID",
    "E-commit-blob": "MANIFEST_BLOB_UNKNOWN",
    "E-hub-quota": "DENIED",
    "E-model-name": "NAME_INVALID",
    "E-oci-digest": "DIGEST_INVALID",
    "E-oci-manifest": "MANIFEST_INVALID",
    "E-oci-upload": "BLOB_UPLOAD_INVALID",
}


class Said(NamedTuple):
    """An answer that refuses."""

    status: int
    headers: dict[str, str]
    body: bytes


def refused(face: str, why: Refusal) -> Said:
    """Return a refusal in the dialect of a face."""
    return _hf(why) if face == "hf" else _oci(why)


def failed(face: str, problem: Problem) -> Said:
    """Return a problem (a wrong request, too many, a failure of the server) in the dialect of a face."""
    text = f"{problem.detail}. {problem.hint}."
    headers = {"content-type": "application/json"}
    if problem.retry_in:
        headers["retry-after"] = str(int(problem.retry_in) + 1)
    if face == "hf":
        text = f"{_sentence(problem.detail)} {_sentence(problem.hint)}"
        # Of a 401 with any other message huggingface_hub says that the model is not there.
        bad = problem.status == 401
        headers["x-error-message"] = "Invalid credentials in Authorization header" if bad else one_line(text)
        return Said(problem.status, headers, msgspec.json.encode({"error": text}))
    by_status = _OCI_CODES.get(problem.status, "DENIED" if problem.status < 500 else "UNKNOWN")
    code = _OCI_ERRORS.get(problem.code, by_status)
    return Said(problem.status, headers, oci_body(code, text))


def _sentence(text: str) -> str:
    if text.startswith("http"):
        return text
    # A name that stands first stays as it is written: `acme/coder has no ...`.
    first, _, _ = text.partition(" ")
    return (text[:1].upper() + text[1:] if first.isalpha() else text) + "."


def _hf(why: Refusal) -> Said:
    headers = {"content-type": "application/json", "x-error-message": one_line(why.text)}
    body = msgspec.json.encode({"error": why.text})
    if why.reason == refusal.NO_FILE:
        return Said(404, headers | {"x-error-code": "EntryNotFound"}, body)
    if why.reason in (refusal.NO_REVISION, refusal.REVOKED):
        # The one code that stops a client whose cache is full.
        return Said(404, headers | {"x-error-code": "RevisionNotFound", "x-hf-warning": _warning(why)}, body)
    if why.reason == refusal.NO_ACCOUNT:
        return Said(401, headers | {"www-authenticate": 'Bearer realm="weighbridge"'}, body)
    if why.reason == refusal.NOT_ALLOWED:
        return Said(403, headers, body)
    return Said(403, headers | {"x-error-code": "GatedRepo", "x-hf-warning": _warning(why)}, body)


def _oci(why: Refusal) -> Said:
    headers = {"content-type": "application/json"}
    if why.reason in (refusal.NO_FILE, refusal.NO_REVISION):
        code = "BLOB_UNKNOWN" if why.reason == refusal.NO_FILE else "MANIFEST_UNKNOWN"
        return Said(404, headers, oci_body(code, why.text))
    if why.reason == refusal.NO_ACCOUNT:
        return Said(401, headers, oci_body("UNAUTHORIZED", why.text))
    return Said(403, headers, oci_body("DENIED", why.text))


def oci_body(code: str, text: str) -> bytes:
    """Return what an OCI client is told: a code of its specification, and a sentence."""
    return msgspec.json.encode({"errors": [{"code": code, "message": text}]})


def _warning(why: Refusal) -> str:
    return one_line(f"{why.reason}; {why.text}")


def one_line(text: str) -> str:
    """Return a text as a header may hold it: one line of printable ASCII."""
    return "".join(mark if " " <= mark <= "~" else "?" for mark in text)[:1_000]
