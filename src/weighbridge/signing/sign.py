"""From a manifest and a key to a signature file.

Source: OMS 1.0, sections 6.6 to 6.8.
"""

from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError
from weighbridge.signing.bundle import Bundle, Method, bundle_document
from weighbridge.signing.certificates import to_der
from weighbridge.signing.dsse import Envelope, signed_bytes
from weighbridge.signing.keys import fingerprint, sign_bytes
from weighbridge.signing.manifest import PAYLOAD_TYPE, Manifest, statement
from weighbridge.signing.strict_json import canonical

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate


def signature_file(manifest: Manifest, key: "EllipticCurvePrivateKey", chain: "tuple[Certificate, ...]" = ()) -> bytes:
    """Return the bundle of `manifest`, signed by `key`, as JSON.

    Args:
        manifest: what is signed.
        key: signs.
        chain: certificates, the leaf first; empty for a signature by key alone.

    Raises:
        WeighbridgeError: `E-certificate-unreadable` if the leaf is another key's.
    """
    if chain and chain[0].public_key() != key.public_key():
        raise WeighbridgeError(
            "E-certificate-unreadable",
            "the first certificate is not that of the key",
            "put the certificate of the key first, then those of its authorities",
        )
    envelope = signed_envelope(PAYLOAD_TYPE, statement(manifest), key)
    bundle = Bundle(
        method=Method.CERTIFICATE if chain else Method.KEY,
        envelope=envelope,
        hint=None if chain else fingerprint(key.public_key()),
        certificates=tuple(to_der(certificate) for certificate in chain),
    )
    return canonical(bundle_document(bundle)) + b"\n"


def signed_envelope(
    payload_type: str, payload: bytes, key: "EllipticCurvePrivateKey", *, with_key_id: bool = False
) -> Envelope:
    """Return a DSSE envelope of `payload`, signed by `key`; model signatures name the key elsewhere."""
    return Envelope(
        payload=payload,
        payload_type=payload_type,
        signature=sign_bytes(key, signed_bytes(payload_type, payload)),
        key_id=fingerprint(key.public_key()) if with_key_id else "",
    )
