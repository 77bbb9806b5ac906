"""Keyed fingerprints: two places can be seen to hold the same key, and nobody can tell or test which.

HMAC-SHA256 under a key of this machine, which lies in the state folder; RFC 2104. Without that folder the key lives as
long as this process, so fingerprints of two runs then differ.
"""

import hmac
import secrets

from weighbridge.host.machine import Machine
from weighbridge.host.state import StateError

_SCHEMA = ("CREATE TABLE IF NOT EXISTS fingerprint_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL)",)


class Fingerprints:
    """Makes fingerprints; its own `repr` tells nothing.

    Args:
        key: 32 bytes that stay on this machine.
        kept: whether the key will be the same at the next run.
    """

    __slots__ = ("_key", "kept")

    def __init__(self, key: bytes, *, kept: bool) -> None:
        self._key = key
        self.kept = kept

    def __repr__(self) -> str:
        return "Fingerprints()"

    def of(self, value: str) -> str:
        """Return the fingerprint of a value, 32 hex digits."""
        return hmac.digest(self._key, value.encode("utf-8", "surrogatepass"), "sha256")[:16].hex()


def fingerprints(machine: Machine) -> Fingerprints:
    """Return the fingerprints of a machine; its key is made at first use."""
    database = machine.kept_database("fingerprints", _SCHEMA)
    try:
        if not database.query("SELECT key FROM fingerprint_key"):
            row = [(1, secrets.token_bytes(32))]
            database.write("INSERT OR IGNORE INTO fingerprint_key VALUES (?, ?)", row)
        rows = database.query("SELECT key FROM fingerprint_key")
    except StateError:
        rows = []
    if rows and isinstance(rows[0][0], bytes) and len(rows[0][0]) == 32:
        return Fingerprints(rows[0][0], kept=True)
    return Fingerprints(secrets.token_bytes(32), kept=False)
