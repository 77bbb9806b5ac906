"""Keys of signed notes on Ed25519, in the texts that other tools read: `NAME+ID+KEY`.

Source: C2SP signed-note, "Ed25519 signatures" and "Verifier keys"; the text of a private key is that of Go's
`golang.org/x/mod/sumdb/note` (`PRIVATE+KEY+NAME+ID+KEY`). `cryptography` loads when a key is used.
"""

import base64
import binascii
from hashlib import sha256
from typing import TYPE_CHECKING

from weighbridge.ledger.note import name_fits

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = 0x01
_PRIVATE = "PRIVATE+KEY+"
_BYTES = 32


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes that name a key together with its name."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def key_text(name: str, kind: int, public: bytes) -> str:
    """Return a public key as the text that verifiers are given."""
    encoded = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{encoded}"


def parse_key_text(text: str) -> tuple[str, int, bytes]:
    """Return name, kind and public key of the text of a key.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    name, _, rest = text.strip().partition("+")
    stated, _, encoded = rest.partition("+")
    content = _decoded(encoded)
    if not name_fits(name) or len(content) < 2:
        raise ValueError("is no key of the form NAME+ID+KEY")
    kind, public = content[0], content[1:]
    if key_id(name, kind, public).hex() != stated:
        raise ValueError("states an ID that is not that of its key")
    return name, kind, public


class PublicKey:
    """An Ed25519 key that is trusted to sign notes.

    Args:
        name: of the key.
        public: 32 bytes.
    """

    def __init__(self, name: str, public: bytes) -> None:
        if len(public) != _BYTES:
            raise ValueError("is no Ed25519 key")
        self.name = name
        self.public = public
        self.key_id = key_id(name, ED25519, public)
        self._loaded: Ed25519PublicKey | None = None

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Return the key of a text. Raises ValueError with a reason for a person."""
        name, kind, public = parse_key_text(text)
        if kind != ED25519:
            raise ValueError("is no Ed25519 key")
        return cls(name, public)

    @property
    def text(self) -> str:
        """The key as the text that verifiers are given."""
        return key_text(self.name, ED25519, self.public)

    def holds(self, text: str, signature: bytes) -> bool:
        """Tell whether a signature is this key's on `text`."""
        return self.holds_on(text.encode(), signature)

    def holds_on(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature is this key's on bytes."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            if self._loaded is None:
                self._loaded = Ed25519PublicKey.from_public_bytes(self.public)
            self._loaded.verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class PrivateKey:
    """An Ed25519 key that signs notes.

    Args:
        name: of the key.
        seed: 32 secret bytes.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        if not name_fits(name) or len(seed) != _BYTES:
            raise ValueError("is no Ed25519 key")
        self._seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(name, self._key.public_key().public_bytes_raw())
        self.name = name
        self.key_id = self.public.key_id

    @classmethod
    def parse(cls, text: str) -> "PrivateKey":
        """Return the key of a text. Raises ValueError with a reason for a person, which never shows the key."""
        head, marker, rest = text.strip().partition(_PRIVATE)
        name, _, rest = rest.partition("+")
        stated, _, encoded = rest.partition("+")
        content = _decoded(encoded)
        if head or not marker or len(content) != 1 + _BYTES or content[0] != ED25519:
            raise ValueError("is no private key of the form PRIVATE+KEY+NAME+ID+KEY")
        made = cls(name, content[1:])
        if made.key_id.hex() != stated:
            raise ValueError("states an ID that is not that of its key")
        return made

    @property
    def text(self) -> str:
        """The key as a text; secret."""
        encoded = base64.b64encode(bytes([ED25519]) + self._seed).decode()
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{encoded}"

    def sign(self, text: str) -> bytes:
        """Return the signature on the text of a note."""
        return self._key.sign(text.encode())

    def sign_bytes(self, message: bytes) -> bytes:
        """Return the signature on bytes."""
        return self._key.sign(message)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
