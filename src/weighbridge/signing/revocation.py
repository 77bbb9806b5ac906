"""Certificate revocation lists that lie here as files: whether a certificate stands on its issuer's list.

Source: RFC 5280, sections 5 (the lists) and 6.3 (their validation), for complete lists that the issuer itself signed.
Nothing is fetched: without a list nobody asks, and the caller says so.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.defects import defects

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, CertificateRevocationList

LARGEST_BYTES = 64 << 20
MOST_LISTS = 32
_END = b"-----END X509 CRL-----"


def read_lists(content: bytes, name: str) -> "list[CertificateRevocationList]":
    """Return the lists of a PEM file, or the one of a DER file. Raises `WeighbridgeError`: `E-crl-unreadable`."""
    from cryptography.x509 import load_der_x509_crl, load_pem_x509_crl

    pieces = [piece + _END for piece in content.split(_END, MOST_LISTS)[:-1]]
    try:
        found = [load_pem_x509_crl(piece) for piece in pieces] if pieces else [load_der_x509_crl(content)]
    except defects():
        raise WeighbridgeError(
            "E-crl-unreadable",
            f"{name} is no certificate revocation list in PEM or DER",
            "give the list that the signer's authority publishes",
        ) from None
    return found


def objection(
    certificate: "Certificate", issuer: "Certificate", lists: "tuple[CertificateRevocationList, ...]", at: datetime
) -> str | None:
    """Return why `certificate` cannot be trusted by its issuer's list at a time; None if the list speaks for it.

    Args:
        certificate: whose serial number is looked up.
        issuer: the authority that issued it.
        lists: what the caller has; a certificate that no valid list of its issuer speaks about is objected to.
        at: the time, with zone. What is on a list at all counts as revoked, also for times before.

    Raises whatever `defects()` names, for lists with parts that cannot be read.
    """
    name = certificate.subject.rfc4514_string()
    authority = issuer.subject.rfc4514_string()
    reason = f"no revocation list of {authority} was given, so nobody knows whether {name} was revoked"
    cleared = False
    for one in lists:
        if one.issuer != issuer.subject:
            continue
        if not _signed_by(one, issuer):
            reason = f"the revocation list of {authority} was not signed by it"
        elif any(extension.critical for extension in one.extensions):
            reason = f"the revocation list of {authority} covers a part only, in a way that is not understood"
        elif one.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            return f"the certificate of {name} was revoked by {authority}"
        elif one.last_update_utc > at or one.next_update_utc is None or one.next_update_utc < at:
            until = one.next_update_utc
            said = f"was valid until {until:%Y-%m-%d}" if until is not None and until < at else "is of another time"
            reason = f"the revocation list of {authority} {said}; get the current one"
        else:
            cleared = True
    return None if cleared else reason


def _signed_by(revoked: "CertificateRevocationList", issuer: "Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        if not issuer.extensions.get_extension_for_class(KeyUsage).value.crl_sign:
            return False
    except ExtensionNotFound:
        pass
    try:
        return revoked.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # other keys raise TypeError
    except InvalidSignature:
        return False
    except defects():
        return False
