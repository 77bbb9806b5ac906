"""How Ollama says who it is: it signs its request for a token with the key of the machine that it runs on.

    GET https://hub.example/token?nonce=…&scope=…&service=…&ts=…
    Authorization: <public key>:<signature of "GET,<whole address>,<hash of nothing>">

The address is signed as the client sees it. So what was signed for another registry opens nothing here; what was signed
for this one opens it once, within some minutes. Source: Ollama, `server/auth.go`, `auth/auth.go`.
"""

import base64
import hashlib
import re
from typing import NamedTuple

from sqlalchemy import Connection

from weighbridge.hub import machine_keys, used_once
from weighbridge.model.errors import WeighbridgeError

_HEADER = re.compile(r"([A-Za-z0-9+/=]{40,120}):([A-Za-z0-9+/=]{80,100})", re.ASCII)
_NOTHING = base64.b64encode(hashlib.sha256(b"").hexdigest().encode()).decode()
LONGEST_AGE = 300
"""Seconds that a request may be older, or newer, than the clock here."""


class Signed(NamedTuple):
    """Who signed, and what makes the request one that is made once."""

    public: str
    nonce: str
    seconds: int
    """When, since 1970."""

    def take(self, connection: Connection, now: int) -> bool:
        """Use the request up, within a write; return False if it was used before, on whichever server."""
        until = (self.seconds + LONGEST_AGE) * 1000
        return used_once.take(connection, now, f"ollama {self.public} {self.nonce}", until)


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
    found = _HEADER.fullmatch(header)
    if found is None:
        raise _refused("this is no signature of Ollama", "sign in with a token of the hub, or let Ollama ask")
    stamp, nonce = query.get("ts", ""), query.get("nonce", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not nonce or len(nonce) > 200:
        raise _refused("this request for a token says no time or number", "let Ollama ask for it")
    if not machine_keys.has_signed(found[1], f"GET,{address},{_NOTHING}".encode(), found[2]):
        raise _refused(
            "the signature is not one of this request", "if a proxy stands before the hub, start it with --url"
        )
    if abs(int(stamp) - now) > LONGEST_AGE:
        raise _refused(
            f"the clock of this machine differs from the hub's by {abs(int(stamp) - now) // 60} minutes", "set it"
        )
    return Signed(found[1], nonce, int(stamp))


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-machine-key", message, hint)
