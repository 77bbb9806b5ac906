"""How Ollama says who it is: it signs its request for a token with the key of the machine that it runs on.

    GET https://hub.example/token?nonce=…&scope=…&service=…&ts=…
    Authorization: <public key>:<signature of "GET,<whole address>,<hash of nothing>">

The address is signed as the client sees it. So what was signed for another registry opens nothing here; what was signed
for this one opens it once, within some minutes. Source: Ollama, `server/auth.go`, `auth/auth.go`.
"""

import base64
import binascii
import hashlib
import re
from collections import OrderedDict
from typing import NamedTuple

from weighbridge.hub import machine_keys
from weighbridge.model.errors import WeighbridgeError

_HEADER = re.compile(r"([A-Za-z0-9+/=]{40,120}):([A-Za-z0-9+/=]{80,100})", re.ASCII)
_NOTHING = base64.b64encode(hashlib.sha256(b"").hexdigest().encode()).decode()
LONGEST_AGE = 300
"""Seconds that a request may be older, or newer, than the clock here."""
_MOST_NONCES = 100_000


class Signed(NamedTuple):
    """Who signed, and what makes the request one that is made once."""

    public: str
    nonce: str
    seconds: int


class Nonces:
    """What was seen in the last minutes, so that no request is used twice."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, int] = OrderedDict()

    def take(self, nonce: str, seconds: int) -> bool:
        """Take note of one; return False if it was seen before."""
        while self._seen and (
            len(self._seen) >= _MOST_NONCES or next(iter(self._seen.values())) < seconds - 2 * LONGEST_AGE
        ):
            self._seen.popitem(last=False)
        if nonce in self._seen:
            return False
        self._seen[nonce] = seconds
        return True


def is_signed(header: str) -> bool:
    """Tell whether `Authorization` is a signature of Ollama."""
    return _HEADER.fullmatch(header) is not None


def check(header: str, address: str, query: dict[str, str], now: int) -> Signed:
    """Return who signed a request.

    Args:
        header: `Authorization`.
        address: of the request as the client wrote it, with its query.
        query: the same, taken apart.
        now: seconds since 1970.

    Raises:
        WeighbridgeError: `E-machine-key`.
    """
    # Needed by those who log in with such a key alone, and slow to load.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = _HEADER.fullmatch(header)
    if found is None:
        raise _refused("this is no signature of Ollama", "sign in with a token of the hub, or let Ollama ask")
    stamp, nonce = query.get("ts", ""), query.get("nonce", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not nonce or len(nonce) > 200:
        raise _refused("this request for a token says no time or number", "let Ollama ask for it")
    raw = machine_keys.raw_of(found[1])
    try:
        signature = base64.b64decode(found[2], validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, f"GET,{address},{_NOTHING}".encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise _refused(
            "the signature is not one of this request", "if a proxy stands before the hub, start it with --url"
        ) from error
    if abs(int(stamp) - now) > LONGEST_AGE:
        raise _refused(
            f"the clock of this machine differs from the hub's by {abs(int(stamp) - now) // 60} minutes", "set it"
        )
    return Signed(found[1], nonce, int(stamp))


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-machine-key", message, hint)
