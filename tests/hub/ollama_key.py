"""The key that Ollama makes on a machine, as its two files hold it."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


class OllamaKey:
    """A key of Ollama: ed25519, in the format of OpenSSH."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.line = self._key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        self.public = self.line.split()[1]
        self.private = self._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())

    def signature(self, content: bytes) -> str:
        """Sign something; return it in base 64."""
        return base64.b64encode(self._key.sign(content)).decode()

    def header(self, address: str) -> str:
        """Return `Authorization` for a request, as Ollama writes it."""
        nothing = base64.b64encode(hashlib.sha256(b"").hexdigest().encode()).decode()
        return f"{self.public}:{self.signature(f'GET,{address},{nothing}'.encode())}"
