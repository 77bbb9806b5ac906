"""Kept content: encrypted with a key of its own, bound to the ledger by a keyed digest, shredded by destroying the key.

A record holds the reference that `seal` returns. The digest is keyed with the same key, so once that is gone nobody can
even try whether a guess is what was kept. Prompts and replies are kept only where policy says so.

Source: AES-256-GCM (NIST SP 800-38D) under a key that is used once; HKDF-SHA-256 (RFC 5869); HMAC-SHA-256 (RFC 2104).
"""

import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256

from weighbridge.host.durable import DurableFolder
from weighbridge.ledger.errors import unwritable
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached

LARGEST_CONTENT = 64 << 20
_KEY_BYTES = 32
_NONCE = bytes(12)
"""The same each time: a key encrypts one content and nothing else."""
_ID_BYTES = 16


@record
class ContentReference:
    """What a record says about content that is kept beside it."""

    id: str
    """Names content and key, hex; random."""
    digest: str
    """HMAC-SHA-256 of the content under a key that goes with the content's key."""
    sealed_sha256: str
    """SHA-256 of what is stored, so that also the stored bytes are bound to the record."""

    def data(self) -> dict[str, object]:
        """Return it as the part of a record."""
        return {"id": self.id, "digest": self.digest, "sealed_sha256": self.sealed_sha256}


class ContentStore:
    """Contents and their keys, in two folders, so that keys can lie on another disk or be left out of backups.

    Args:
        contents: where the encrypted bytes lie.
        keys: where a key lies for each.
    """

    def __init__(self, contents: DurableFolder, keys: DurableFolder) -> None:
        self._contents, self._keys = contents, keys

    def seal(self, content: bytes) -> ContentReference:
        """Keep content; it is durable on return, to be recorded then.

        Raises:
            WeighbridgeError: `E-ledger-write`; nothing is kept then.
            ValueError: it is longer than `LARGEST_CONTENT`.
        """
        if len(content) > LARGEST_CONTENT:
            raise ValueError("the content is too long to be kept")
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name, key = secrets.token_hex(_ID_BYTES), secrets.token_bytes(_KEY_BYTES)
        sealed = AESGCM(_derived(key, b"content")).encrypt(_NONCE, content, name.encode())
        try:
            # A key without content is harmless, content without a key is lost: the key goes first.
            self._keys.replace({_path(name): key})
            self._contents.replace({_path(name): sealed})
        except OSError as error:
            self._forget(name)
            raise unwritable(error) from error
        return ContentReference(id=name, digest=_keyed(key, content), sealed_sha256=sha256(sealed).hexdigest())

    def open(self, reference: ContentReference) -> bytes | None:
        """Return kept content; None once it was shredded or removed.

        Raises:
            ValueError: what is stored is not what was recorded.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        name = _name(reference)
        try:
            key = self._keys.read(_path(name), _KEY_BYTES)
            sealed = self._contents.read(_path(name), LARGEST_CONTENT + 64)
        except FileNotFoundError:
            return None
        except (OSError, LimitReached) as error:
            raise ValueError(f"cannot be read: {error}") from None
        if sha256(sealed).hexdigest() != reference.sealed_sha256:
            raise ValueError("is not what was recorded")
        try:
            content = AESGCM(_derived(key, b"content")).decrypt(_NONCE, sealed, name.encode())
        except (InvalidTag, ValueError):
            raise ValueError("is not what was recorded") from None
        if not hmac.compare_digest(_keyed(key, content), reference.digest):
            raise ValueError("is not what was recorded")
        return content

    def shred(self, references: Sequence[ContentReference]) -> None:
        """Destroy the keys of contents, then the contents; durable on return. The caller records it, and why.

        Records, hashes and proofs stay as they are. Blocks of a disk that were used before may survive below the file
        system; see docs/explanation/ledger.md.

        Raises:
            WeighbridgeError: `E-ledger-write`; some keys may be gone then, so do it again.
        """
        names = [_path(_name(reference)) for reference in references]
        try:
            self._keys.remove(names)
            self._contents.remove(names)
        except OSError as error:
            raise unwritable(error) from error

    def _forget(self, name: str) -> None:
        for folder in (self._keys, self._contents):
            try:
                folder.remove([_path(name)])
            except OSError:
                continue  # the disk is in trouble; a key or content that nothing refers to is harmless


def reference_of(data: object) -> ContentReference | None:
    """Return the reference in the part of a record; None if it is none."""
    if not isinstance(data, dict):
        return None
    values = [data.get(key) for key in ("id", "digest", "sealed_sha256")]
    if not all(isinstance(value, str) and value.isalnum() and value.isascii() for value in values):
        return None
    return ContentReference(id=str(values[0]), digest=str(values[1]), sealed_sha256=str(values[2]))


def _name(reference: ContentReference) -> str:
    if len(reference.id) != 2 * _ID_BYTES or not set(reference.id) <= set("0123456789abcdef"):
        raise ValueError("has no such name")
    return reference.id


def _path(name: str) -> str:
    return f"{name[:2]}/{name[2:]}"


def _derived(key: bytes, purpose: bytes) -> bytes:
    """Return a key for one purpose: HKDF-SHA-256 with one block, no salt."""
    extracted = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(extracted, b"weighbridge " + purpose + b"\x01", "sha256")


def _keyed(key: bytes, content: bytes) -> str:
    return hmac.digest(_derived(key, b"digest"), content, "sha256").hex()
