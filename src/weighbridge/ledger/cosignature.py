"""Cosignatures: what a witness says about a checkpoint, with the time at which it says so. Values in, values out.

Source: C2SP tlog-cosignature (Ed25519 is kind 0x04, ML-DSA-44 kind 0x06; FIPS 204). ML-DSA needs a `cryptography` and
an OpenSSL that have it; where they do not, `MlDsaCosigner` raises `ValueError` when it is made.
"""

from typing import TYPE_CHECKING, Protocol

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of
from weighbridge.ledger.note import Signature
from weighbridge.ledger.note_keys import PrivateKey, PublicKey, key_id, key_text, parse_key_text
from weighbridge.ledger.tree import LARGEST_SIZE

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

COSIGNATURE = 0x04
ML_DSA_44 = 0x06
_TIME = 8


class Cosigner(Protocol):
    """A key that a witness signs with."""

    name: str
    key_id: bytes

    def cosign(self, text: str, seconds: int) -> Signature:
        """Return the cosignature on the text of a checkpoint, at a POSIX time."""
        ...


class EdCosigner:
    """Cosigns with Ed25519.

    Args:
        name: of the witness.
        seed: 32 secret bytes, used for nothing else.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = PrivateKey(name, seed)
        self.name = name
        self.key_id = key_id(name, COSIGNATURE, self._key.public.public)

    @property
    def text(self) -> str:
        """The public key, as verifiers are given it."""
        return key_text(self.name, COSIGNATURE, self._key.public.public)

    def cosign(self, text: str, seconds: int) -> Signature:
        """Return the cosignature on the text of a checkpoint, at a POSIX time."""
        content = seconds.to_bytes(_TIME, "big") + self._key.sign_bytes(_ed25519_message(text, seconds))
        return Signature(self.name, self.key_id, content)


class MlDsaCosigner:
    """Cosigns with ML-DSA-44.

    Args:
        name: of the witness.
        seed: 32 secret bytes.

    Raises:
        ValueError: ML-DSA is not to be had here.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        self._key = _ml_dsa_key(seed)
        self._public = self._key.public_key().public_bytes_raw()
        self.name = name
        self.key_id = key_id(name, ML_DSA_44, self._public)

    @property
    def text(self) -> str:
        """The public key, as verifiers are given it."""
        return key_text(self.name, ML_DSA_44, self._public)

    def cosign(self, text: str, seconds: int) -> Signature:
        """Return the cosignature on the text of a checkpoint, at a POSIX time."""
        signature = self._key.sign(_ml_dsa_message(self.name, checkpoint_of(text), seconds))
        return Signature(self.name, self.key_id, seconds.to_bytes(_TIME, "big") + signature)


class CosignerKey:
    """The public key of a witness that is trusted; `note.verified` takes it.

    Args:
        text: `NAME+ID+KEY`, of either kind.

    Raises:
        ValueError: it is none; with a reason for a person.
    """

    def __init__(self, text: str) -> None:
        self.name, self._kind, self._public = parse_key_text(text)
        if (self._kind, len(self._public)) not in ((COSIGNATURE, 32), (ML_DSA_44, 1312)):
            raise ValueError("is no key of a witness")
        self.key_id = key_id(self.name, self._kind, self._public)

    def holds(self, text: str, signature: bytes) -> bool:
        """Tell whether a signature is this witness's on the text of a checkpoint."""
        seconds, content = cosigned_at(signature), signature[_TIME:]
        if seconds > LARGEST_SIZE:
            return False
        try:
            checkpoint = checkpoint_of(text)
            if self._kind == COSIGNATURE:
                return PublicKey(self.name, self._public).holds_on(_ed25519_message(text, seconds), content)
            return _ml_dsa_holds(self._public, content, _ml_dsa_message(self.name, checkpoint, seconds))
        except ValueError:
            return False


def cosigned_at(signature: bytes) -> int:
    """Return the POSIX time that a cosignature states."""
    return int.from_bytes(signature[:_TIME], "big")


def _ed25519_message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _ml_dsa_message(name: str, checkpoint: Checkpoint, seconds: int) -> bytes:
    return b"".join(
        (
            b"subtree/v1\n\0",
            _short(name),
            seconds.to_bytes(8, "big"),
            _short(checkpoint.origin),
            bytes(8),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _short(text: str) -> bytes:
    content = text.encode()
    if not 1 <= len(content) <= 255:
        raise ValueError("has a name longer than 255 bytes")
    return bytes([len(content)]) + content


def _ml_dsa_key(seed: bytes) -> "MLDSA44PrivateKey":
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
    except ImportError:
        raise ValueError("ML-DSA is not to be had: it needs a newer cryptography") from None
    try:
        return MLDSA44PrivateKey.from_seed_bytes(seed)
    except UnsupportedAlgorithm:
        raise ValueError("ML-DSA is not to be had: it needs a newer OpenSSL") from None


def _ml_dsa_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError:
        return False
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
