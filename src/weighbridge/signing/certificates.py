"""Certificate chains: from the leaf of a bundle to a root that the caller trusts.

Source: RFC 5280, section 6 (path validation) and 4.2 (extensions), in the part that signing models needs; OMS 1.0,
section 8.2. What is critical and not understood here is refused.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.defects import defects, unspoken
from weighbridge.signing.revocation import objection

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

LARGEST_PEM_BYTES = 4 << 20
MOST_CERTIFICATES = 20
LONGEST_PATH = 8
_UNDERSTOOD = frozenset({"2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.17", "2.5.29.14", "2.5.29.35"})
"""Key usage, basic constraints, extended key usage, alternative names, key identifiers."""
_CODE_SIGNING = "1.3.6.1.5.5.7.3.3"
_ANY_PURPOSE = "2.5.29.37.0"


class ChainError(Exception):
    """The chain proves nothing; the message says why, for a person."""


def read_certificates(pem: bytes, name: str) -> "list[Certificate]":
    """Return the certificates of a PEM file, in its order. Raises `WeighbridgeError`: `E-certificate-unreadable`."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        with unspoken():
            found = load_pem_x509_certificates(pem)
    except defects():
        found = []
    if not found:
        raise WeighbridgeError(
            "E-certificate-unreadable", f"{name} holds no certificate in PEM", "give a PEM file, the leaf first"
        )
    return found


def from_der(contents: tuple[bytes, ...]) -> "list[Certificate]":
    """Return certificates of a bundle. Raises `ChainError`."""
    from cryptography.x509 import load_der_x509_certificate

    if len(contents) > MOST_CERTIFICATES:
        raise ChainError(f"the bundle holds more than {MOST_CERTIFICATES} certificates")
    try:
        with unspoken():
            return [load_der_x509_certificate(content) for content in contents]
    except defects():
        raise ChainError("the bundle holds a certificate that cannot be read") from None


def to_der(certificate: "Certificate") -> bytes:
    """Return a certificate in DER."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def subject_of(certificate: "Certificate") -> str:
    """Return the subject for a person (RFC 4514)."""
    return certificate.subject.rfc4514_string() or "a certificate without a subject"


def check_chain(
    chain: "list[Certificate]",
    roots: "list[Certificate]",
    at: datetime,
    lists: "tuple[CertificateRevocationList, ...] | None" = None,
) -> None:
    """Check that the first certificate may sign, and leads to one of `roots`, all valid at a time.

    Args:
        chain: of the bundle, the leaf first; the order of the rest does not matter.
        roots: trusted.
        at: the time, with zone.
        lists: revocation lists, one of which must speak for every certificate below the root; None to ask nobody.

    Raises:
        ChainError: with the reason.
    """
    try:
        with unspoken():
            _check_leaf(chain[0], at)
            _climb(chain[0], chain[1:], roots, at, lists)
    except defects():  # the library parses names and extensions late
        raise ChainError("a certificate has a part that cannot be read") from None


def _check_leaf(leaf: "Certificate", at: datetime) -> None:
    from cryptography import x509

    _check_common(leaf, at)
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    try:
        purposes = {one.dotted_string for one in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    except x509.ExtensionNotFound:
        purposes = set()
    if usage is not None and not usage.digital_signature:
        raise ChainError(f"the certificate of {subject_of(leaf)} may not be used for signatures (key usage)")
    if purposes and not purposes & {_CODE_SIGNING, _ANY_PURPOSE}:
        raise ChainError(f"the certificate of {subject_of(leaf)} is not for code signing (extended key usage)")
    if usage is None and not purposes:
        raise ChainError(f"the certificate of {subject_of(leaf)} does not say that it may sign")


def _climb(
    leaf: "Certificate",
    others: "list[Certificate]",
    roots: "list[Certificate]",
    at: datetime,
    lists: "tuple[CertificateRevocationList, ...] | None",
) -> None:
    """Search a path depth first. Bounded: every certificate occurs once in a path, and paths are short."""
    trusted = {to_der(root) for root in roots}
    if to_der(leaf) in trusted:
        return
    reason = f"the certificate of {subject_of(leaf)} does not lead to a trusted root"
    paths: list[tuple[Certificate, tuple[bytes, ...]]] = [(leaf, (to_der(leaf),))]
    tried = 0
    while paths:
        current, path = paths.pop()
        for issuer in (*others, *roots):
            tried += 1
            if tried > LONGEST_PATH * MOST_CERTIFICATES * 10 + len(roots):
                raise ChainError("the bundle's certificates lead in too many ways")
            der = to_der(issuer)
            if issuer.subject != current.issuer or der in path or not _issued(current, issuer):
                continue
            try:
                _check_issuer(issuer, len(path) - 1, at)
                _check_not_revoked(current, issuer, lists, at)
            except ChainError as problem:
                reason = str(problem)
                continue
            if der in trusted:
                return
            if len(path) < LONGEST_PATH:
                paths.append((issuer, (*path, der)))
    raise ChainError(reason)


def _issued(certificate: "Certificate", issuer: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return False
    except defects():
        return False
    return True


def _check_issuer(issuer: "Certificate", below: int, at: datetime) -> None:
    """Check an authority with `below` authorities between it and the leaf."""
    from cryptography import x509

    _check_common(issuer, at)
    name = subject_of(issuer)
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        raise ChainError(f"{name} is no certificate authority") from None
    if not constraints.ca:
        raise ChainError(f"{name} is no certificate authority")
    if constraints.path_length is not None and constraints.path_length < below:
        raise ChainError(f"{name} may not stand above {below} other authorities")
    try:
        usage = issuer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.key_cert_sign:
        raise ChainError(f"{name} may not issue certificates (key usage)")


def _check_not_revoked(
    certificate: "Certificate",
    issuer: "Certificate",
    lists: "tuple[CertificateRevocationList, ...] | None",
    at: datetime,
) -> None:
    if lists is not None and (reason := objection(certificate, issuer, lists, at)) is not None:
        raise ChainError(reason)


def _check_common(certificate: "Certificate", at: datetime) -> None:
    name = subject_of(certificate)
    if at < certificate.not_valid_before_utc:
        raise ChainError(f"the certificate of {name} is not valid before {certificate.not_valid_before_utc:%Y-%m-%d}")
    if at > certificate.not_valid_after_utc:
        raise ChainError(f"the certificate of {name} expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    for extension in certificate.extensions:
        if extension.critical and extension.oid.dotted_string not in _UNDERSTOOD:
            raise ChainError(f"the certificate of {name} has a critical extension that is not understood")
