"""A device with passkeys, as a program: it answers what a browser would put before it, and lies if a test says so."""

import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

_PRESENT, _VERIFIED, _ATTESTED = 1, 4, 64


class SoftAuthenticator:
    """Keeps one key. `origin` is what the browser says the page is."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.count = 0
        self.flags = _PRESENT | _VERIFIED
        self.user = b""

    def create(self, options: dict) -> dict:
        """Return what `navigator.credentials.create(...).toJSON()` does."""
        self.user = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        key = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(key)
        data = self._data(options["rp"]["id"], self.flags | _ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        response = {"clientDataJSON": bytes_to_base64url(client), "attestationObject": bytes_to_base64url(made)}
        return self._credential(response)

    def get(self, options: dict) -> dict:
        """Return what `navigator.credentials.get(...).toJSON()` does."""
        self.count += 1
        client = self._client("webauthn.get", options["challenge"])
        data = self._data(options["rpId"], self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": self.user,
            }
        )

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        assert len(base64url_to_bytes(challenge)) == 32
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _credential(self, response: dict) -> dict:
        named = bytes_to_base64url(self.credential_id)
        extra = {"type": "public-key", "clientExtensionResults": {}, "authenticatorAttachment": "platform"}
        return {"id": named, "rawId": named, "response": response, **extra}
