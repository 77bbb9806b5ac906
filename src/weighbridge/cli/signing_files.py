"""What the commands that sign and verify share: options, key and certificate files, the place of a signature file."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from weighbridge.cli.weighing import absolute_paths
from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached
from weighbridge.signing.certificates import LARGEST_PEM_BYTES, read_certificates
from weighbridge.signing.keys import LARGEST_KEY_BYTES, read_policy_private_key, read_private_key, read_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.x509 import Certificate

    from weighbridge.signing.verification import Trust

PASSPHRASE = "WEIGHBRIDGE_KEY_PASSPHRASE"  # noqa: S105  (the name of a variable, not a secret)

_TRUST_OPTIONS = (
    click.option("--signature", metavar="FILE", help="Signature file. [model.sig in the folder, or PATH.sig]"),
    click.option("--key", metavar="FILE", help="Public key that must have signed (PEM)."),
    click.option(
        "--certificate-roots", metavar="FILE", help="Authorities that the signer's certificate must lead to (PEM)."
    ),
    click.option(
        "--crl",
        multiple=True,
        metavar="FILE",
        help="Revocation list of an authority; may be repeated. Without one revocation is not checked.",
    ),
    click.option("--at", metavar="TIME", help="Check certificates as of this time (ISO 8601). [now]"),
)


def trust_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say which signature is checked and who is trusted."""
    for option in reversed(_TRUST_OPTIONS):
        function = option(function)
    return function


def trust(key: str | None, certificate_roots: str | None, crl: tuple[str, ...], at: str | None) -> "Trust":
    """Return what the options of `trust_options` say. Raises `WeighbridgeError` and usage errors."""
    from weighbridge.signing.revocation import LARGEST_BYTES, read_lists
    from weighbridge.signing.verification import Trust

    if crl and certificate_roots is None:
        raise click.UsageError("--crl goes with --certificate-roots: a key alone is on no list")
    lists = [one for path in crl for one in read_lists(content(path, LARGEST_BYTES, "E-crl-unreadable"), path)]
    return Trust(
        at=RealMachine().now() if at is None else _time(at),
        key=public_key(key) if key is not None else None,
        roots=certificates(certificate_roots) if certificate_roots is not None else (),
        revoked=tuple(lists) if crl else None,
    )


def signature_at(model: bytes, signature: str | None) -> tuple[bytes, bytes]:
    """Return path and content of the signature file that was named, or stands where signatures stand."""
    from weighbridge.signing.bundle import LARGEST_BYTES

    target = os.path.realpath(os.fsencode(signature)) if signature is not None else signature_path(model)
    if not os.path.isfile(target):
        raise WeighbridgeError(
            "E-signature-missing",
            f"there is no signature at {display(target)}",
            "say where it is with --signature FILE",
        )
    return target, content(os.fsdecode(target), LARGEST_BYTES, "E-signature-missing")


def _time(text: str) -> datetime:
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(f"--at {text} is no time; write it like 2026-11-21T12:00:00Z") from None
    return stated if stated.tzinfo is not None else stated.replace(tzinfo=UTC)


def private_key(path: str) -> "EllipticCurvePrivateKey":
    """Return the private key in a file. Raises `WeighbridgeError`."""
    return read_private_key(content(path, LARGEST_KEY_BYTES, "E-key-unreadable"), path, os.environ.get(PASSPHRASE))


def policy_key(path: str) -> "EllipticCurvePrivateKey | Ed25519PrivateKey":
    """Return the private key in a file, for policies. Raises `WeighbridgeError`."""
    pem = content(path, LARGEST_KEY_BYTES, "E-key-unreadable")
    return read_policy_private_key(pem, path, os.environ.get(PASSPHRASE))


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
        odd = "is a folder" if os.path.isdir(absolute) else "is no file (a pipe, socket or device)"
        reason = f"cannot be read: {error.strerror.lower()}" if error.strerror else odd
    raise WeighbridgeError(code, f"{path} {reason}", "check the path")


def signature_path(model: bytes) -> bytes:
    """Return where the signature of a model lies unless said otherwise: `model.sig` in it, or `FILE.sig` beside it."""
    return os.path.join(os.path.realpath(model), b"model.sig") if os.path.isdir(model) else model + b".sig"


def ignored_names(ignore: tuple[str, ...], model: bytes) -> tuple[str, ...]:
    """Return ignored paths relative to `model`.

    A path is taken as one of the model; one that is absolute, or is there only as seen from this folder (as shells
    complete it), is taken for what it is. Raises usage errors for paths that cannot be in the model.
    """
    root = os.path.realpath(model)
    return tuple(_within(os.fsencode(name), root) for name in ignore)


def _within(name: bytes, root: bytes) -> str:
    folder, last = os.path.split(os.path.abspath(name))
    seen_from_here = os.path.join(os.path.realpath(folder), last)
    typed = os.path.isabs(name) or (not os.path.lexists(os.path.join(root, name)) and os.path.lexists(seen_from_here))
    inner = os.path.relpath(seen_from_here, root) if typed else os.path.normpath(name)
    if inner == b"." or inner.split(os.sep.encode())[0] == b"..":
        raise click.UsageError(f"--ignore {display(name)} is no path inside the model")
    return os.fsdecode(inner).replace(os.sep, "/")
