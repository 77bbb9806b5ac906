"""Elliptic-curve keys: reading, making, signing, verifying.

Models: P-256, P-384 and P-521 with SHA-256, SHA-384 and SHA-512 (FIPS 186-5; Sigstore algorithm registry). Policies of
a fleet: P-256 or Ed25519 (RFC 8032; the TUF specification, "Signature schemes"). `cryptography` loads only when a key
is at hand.
"""

import hashlib
from typing import TYPE_CHECKING

from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        ECDSA,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_POLICY_CURVE = "secp256r1"
LARGEST_KEY_BYTES = 64 << 10


def new_private_key() -> bytes:
    """Return a new P-256 private key as unencrypted PKCS #8 in PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_private_key(pem: bytes, name: str, passphrase: str | None = None) -> "EllipticCurvePrivateKey":
    """Return a private key for models.

    Args:
        pem: the key's file.
        name: what messages call it.
        passphrase: of an encrypted key.

    Raises:
        WeighbridgeError: `E-key-unreadable`.
    """
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    key = _private(pem, name, passphrase)
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name not in CURVES:
        raise _unreadable(name, "is no key on P-256, P-384 or P-521")
    return key


def read_policy_private_key(
    pem: bytes, name: str, passphrase: str | None = None
) -> "EllipticCurvePrivateKey | Ed25519PrivateKey":
    """Return a private key for policies of a fleet. Arguments and errors are those of `read_private_key`."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = _private(pem, name, passphrase)
    if isinstance(key, Ed25519PrivateKey):
        return key
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != _POLICY_CURVE:
        raise _unreadable(name, "is no key on P-256, and no Ed25519 key; endpoints check those alone")
    return key


def _private(pem: bytes, name: str, passphrase: str | None) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(pem, None if passphrase is None else passphrase.encode("utf-8"))
    except TypeError:
        reason = "is encrypted" if passphrase is None else "is not encrypted, and a passphrase was given"
        raise WeighbridgeError(
            "E-key-unreadable", f"{name} {reason}", "give its passphrase in WEIGHBRIDGE_KEY_PASSPHRASE, if it has one"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        if b"PUBLIC KEY" in pem:
            raise _unreadable(name, "is a public key; signing needs the private one") from None
        raise _unreadable(name, "is no private key in PEM, or the passphrase is wrong") from None


def read_public_key(pem: bytes, name: str) -> "EllipticCurvePublicKey":
    """Return a public key from a PEM file. Raises `WeighbridgeError`: `E-key-unreadable`."""
    return supported(_public(pem, name), name)


def read_policy_public_key(pem: bytes, name: str) -> "EllipticCurvePublicKey | Ed25519PublicKey":
    """Return the public key of a person who signs policies. Raises `WeighbridgeError`: `E-key-unreadable`.

    Which kinds count is said where a root is made of them.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key = _public(pem, name)
    return key if isinstance(key, Ed25519PublicKey) else supported(key, name)


def _public(pem: bytes, name: str) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        if b"PRIVATE KEY" in pem:
            raise _unreadable(name, "is a private key; verifying needs the public one") from None
        raise _unreadable(name, "is no public key in PEM") from None


def supported(key: object, name: str) -> "EllipticCurvePublicKey":
    """Return `key` if models can be verified with it. Raises `WeighbridgeError`: `E-key-unreadable`."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name not in CURVES:
        raise _unreadable(name, "is no key on P-256, P-384 or P-521")
    return key


def public_pem(key: "EllipticCurvePublicKey") -> bytes:
    """Return a public key as SubjectPublicKeyInfo in PEM."""
    from cryptography.hazmat.primitives import serialization

    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: "EllipticCurvePublicKey") -> str:
    """Return the SHA-256 of the key's PEM text, as `publicKey.hint` of a bundle has it (OMS 1.0, section 4.1)."""
    return hashlib.sha256(public_pem(key)).hexdigest()


def sign_bytes(key: "EllipticCurvePrivateKey", content: bytes) -> bytes:
    """Return the ECDSA signature of `content` in DER, with the hash that belongs to the curve."""
    return key.sign(content, _algorithm(key.curve.name))


def signature_fits(key: "EllipticCurvePublicKey", signature: bytes, content: bytes) -> bool:
    """Tell whether `signature` is one of `content` by `key`."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(signature, content, _algorithm(key.curve.name))
    except InvalidSignature:
        return False
    return True


def _algorithm(curve: str) -> "ECDSA":
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

    return ECDSA({"secp256r1": hashes.SHA256(), "secp384r1": hashes.SHA384(), "secp521r1": hashes.SHA512()}[curve])


def _unreadable(name: str, reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-key-unreadable", f"{name} {reason}", "make a key with `wb sign --new-key FILE`; FILE.pub is its public half"
    )
