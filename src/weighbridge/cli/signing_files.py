"""What `sign`, `verify`, `waive` and `check` share: key files, certificate files, the place of a signature file."""

import os
from typing import TYPE_CHECKING

from weighbridge.cli.weighing import absolute_paths
from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached
from weighbridge.signing.certificates import LARGEST_PEM_BYTES, read_certificates
from weighbridge.signing.keys import LARGEST_KEY_BYTES, read_private_key, read_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.x509 import Certificate

PASSPHRASE = "WEIGHBRIDGE_KEY_PASSPHRASE"  # noqa: S105  (the name of a variable, not a secret)


def private_key(path: str) -> "EllipticCurvePrivateKey":
    """Return the private key in a file. Raises `WeighbridgeError`."""
    return read_private_key(content(path, LARGEST_KEY_BYTES, "E-key-unreadable"), path, os.environ.get(PASSPHRASE))


def public_key(path: str) -> "EllipticCurvePublicKey":
    """Return the public key in a file. Raises `WeighbridgeError`."""
    return read_public_key(content(path, LARGEST_KEY_BYTES, "E-key-unreadable"), path)


def certificates(path: str) -> "tuple[Certificate, ...]":
    """Return the certificates in a PEM file. Raises `WeighbridgeError`."""
    return tuple(read_certificates(content(path, LARGEST_PEM_BYTES, "E-certificate-unreadable"), path))


def content(path: str, limit: int, code: str) -> bytes:
    """Return a small file whole. Raises `WeighbridgeError` with `code`."""
    (absolute,) = absolute_paths([path])
    try:
        return RealMachine().read_file(os.path.realpath(absolute), limit)
    except LimitReached:
        reason = f"is larger than {limit:,} bytes"
    except OSError as error:
        reason = f"cannot be read: {(error.strerror or str(error)).lower()}"
    raise WeighbridgeError(code, f"{path} {reason}", "check the path")


def signature_path(model: bytes) -> bytes:
    """Return where the signature of a model lies unless said otherwise: `model.sig` in it, or `FILE.sig` beside it."""
    return os.path.join(os.path.realpath(model), b"model.sig") if os.path.isdir(model) else model + b".sig"
