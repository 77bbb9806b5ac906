"""Whether a signature holds, who made it, and whether files are the signed ones.

Source: OMS 1.0, section 8. In: a signature file, trusted keys or roots, measured digests. Out: a `Verification`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.signing.bundle import Bundle, Method, read_bundle
from weighbridge.signing.certificates import ChainError, check_chain, from_der, subject_of
from weighbridge.signing.defects import defects
from weighbridge.signing.dsse import signed_bytes
from weighbridge.signing.keys import CURVES, fingerprint, signature_fits, supported
from weighbridge.signing.manifest import PAYLOAD_TYPE, Manifest, read_statement

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.x509 import Certificate, CertificateRevocationList


class Outcome(StrEnum):
    """What became of a verification."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNVERIFIABLE = "unverifiable"
    """Neither proven nor disproven with what is at hand here."""


class Kind(StrEnum):
    """What is wrong with one file, or with the signature itself."""

    SIGNATURE = "signature"
    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    RENAMED = "renamed"
    LINK = "link"
    UNREADABLE = "unreadable"


@record
class Problem:
    """One reason why a verification failed."""

    kind: Kind
    path: str
    """Relative to the model; empty for the signature itself."""
    reason: str


class Revocation(StrEnum):
    """Whether anybody was asked about withdrawn certificates; a key alone cannot be withdrawn."""

    CHECKED = "checked"
    NOT_CHECKED = "not-checked"


@record
class Verification:
    """The answer, and everything that speaks against."""

    outcome: Outcome
    method: str = ""
    """`key`, `certificate`, `sigstore`; `bom` for a folder against a bill of materials."""
    signer: str = ""
    """Fingerprint of the key, or subject of the certificate; only of a signature that holds."""
    problems: tuple[Problem, ...] = ()
    files: int = 0
    size: int = 0
    """Bytes that were compared."""
    revocation: Revocation | None = None
    """Of a signature by certificate that holds."""


@record
class Trust:
    """What the caller trusts: one key, or roots at a time."""

    at: datetime
    key: "EllipticCurvePublicKey | None" = None
    roots: "tuple[Certificate, ...]" = ()
    revoked: "tuple[CertificateRevocationList, ...] | None" = None
    """Revocation lists that must speak for every certificate below the root; None to ask nobody."""


@record
class Signed:
    """A signature that holds."""

    manifest: Manifest
    method: str
    signer: str
    revocation: Revocation | None = None


def open_signature(content: bytes, trust: Trust) -> Signed | Verification:
    """Return what a signature file proves under `trust`, or why it proves nothing."""
    try:
        bundle = read_bundle(content)
    except ValueError as error:
        return _failed("", f"the signature file {error}")
    if bundle.method is Method.SIGSTORE:
        reason = (
            "it is a keyless Sigstore signature: it holds only together with the Sigstore trust root and its public "
            "log, which are not consulted here"
        )
        return Verification(
            outcome=Outcome.UNVERIFIABLE,
            method=bundle.method.value,
            problems=(Problem(kind=Kind.SIGNATURE, path="", reason=reason),),
        )
    try:
        key, signer = _key(bundle, trust)
    except ChainError as error:
        return _failed(bundle.method.value, str(error))
    envelope = bundle.envelope
    if envelope.payload_type != PAYLOAD_TYPE:
        return _failed(bundle.method.value, "the signature is about something else than an in-toto statement")
    if not signature_fits(key, envelope.signature, signed_bytes(envelope.payload_type, envelope.payload)):
        reason = "the signature does not fit its statement: one of them was changed, or another key made it"
        return _failed(bundle.method.value, reason)
    try:
        manifest = read_statement(envelope.payload)
    except ValueError as error:
        return _failed(bundle.method.value, f"the signed statement {error}")
    revocation = None
    if bundle.method is Method.CERTIFICATE:
        revocation = Revocation.NOT_CHECKED if trust.revoked is None else Revocation.CHECKED
    return Signed(manifest=manifest, method=bundle.method.value, signer=signer, revocation=revocation)


def compare(signed: Mapping[str, str], measured: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return every difference between signed and measured digests by path, sorted by path.

    A missing file whose content stands under another, unsigned name was renamed.
    """
    missing = {path: digest for path, digest in signed.items() if path not in measured}
    extra = {path: digest for path, digest in measured.items() if path not in signed}
    problems = [
        Problem(kind=Kind.CHANGED, path=path, reason="its content is not what was signed")
        for path, digest in signed.items()
        if path in measured and measured[path] != digest
    ]
    by_content: dict[str, list[str]] = {}
    for path in sorted(extra, reverse=True):
        by_content.setdefault(extra[path], []).append(path)
    for path in sorted(missing):
        if names := by_content.get(missing[path]):
            new = names.pop()
            problems.append(Problem(kind=Kind.RENAMED, path=path, reason=f"is now called {new}"))
            del extra[new]
        else:
            problems.append(Problem(kind=Kind.MISSING, path=path, reason="was signed and is not there"))
    problems += [Problem(kind=Kind.EXTRA, path=path, reason="is there and was not signed") for path in extra]
    return tuple(sorted(problems, key=lambda problem: problem.path))


def _key(bundle: Bundle, trust: Trust) -> "tuple[EllipticCurvePublicKey, str]":
    """Return the key to verify with and its owner. Raises `ChainError` if it is not trusted."""
    if bundle.method is Method.KEY:
        if trust.key is None:
            raise ChainError("a key made the signature, and certificates were given to verify it: use --key")
        own = fingerprint(trust.key)
        if bundle.hint is not None and bundle.hint != own:
            raise ChainError(f"another key made the signature: {bundle.hint[:16]}, not {own[:16]}")
        return trust.key, f"key {own} ({CURVES[trust.key.curve.name]})"
    if not trust.roots:
        raise ChainError("a certificate made the signature, and a key was given to verify it: use --certificate-roots")
    chain = from_der(bundle.certificates)
    check_chain(chain, list(trust.roots), trust.at, trust.revoked)
    try:
        return supported(chain[0].public_key(), "its key"), subject_of(chain[0])
    except WeighbridgeError:
        raise ChainError("the certificate has no key on P-256, P-384 or P-521") from None
    except defects():
        raise ChainError("the certificate has a key that cannot be read") from None


def _failed(method: str, reason: str) -> Verification:
    problem = Problem(kind=Kind.SIGNATURE, path="", reason=reason)
    return Verification(outcome=Outcome.FAILED, method=method, problems=(problem,))
