"""How a machine comes to be an account's: by a code that Ollama itself signs, so that nobody registers another's key.

    ollama pull hub.example.com/link/k7mq-9xzt-4wpd-bcfh

Ollama asks for a token for `repository:link/<code>:pull` and signs that request with its key. So whoever holds the key
said that it belongs to the account that the code was made for; a public key alone, which everybody may have seen, says
nothing. Source: Ollama, `server/auth.go` (the scope of a challenge is part of the address that is signed).
"""

import hashlib
import re
import secrets
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, delete, func, insert, select

from weighbridge.fleet.authentication import too_often
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import machine_keys
from weighbridge.hub.hub_tokens import READ
from weighbridge.hub.machine_keys import MachineKey
from weighbridge.model.errors import WeighbridgeError

NAMESPACE = "link"
"""Of the models that codes are; `names.RESERVED` keeps it free."""
LASTS = 3_600_000
"""Milliseconds."""
_LETTERS = "bcdfghjkmnpqrstvwxyz23456789"
"""No vowels, and nothing that looks like something else: 16 of 28 letters."""
_SHAPE = re.compile(r"[b-z2-9]{4}(?:-[b-z2-9]{4}){3}", re.ASCII)
_MOST_OF_ONE = 20

CODES = reference_table(
    "hub_machine_codes",
    Column("code_hash", String(64), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("right", String(8), nullable=False),
    integer("expires_at", nullable=False),
    Index(None, "account_id"),
)


class Code(NamedTuple):
    """A code that waits for a machine."""

    text: str
    expires_at: int
    """Milliseconds since 1970, UTC."""

    def command(self, origin: str) -> str:
        """Return the line that links a machine to the hub at an origin."""
        scheme, _, host = origin.partition("://")
        return f"ollama pull{'' if scheme == 'https' else ' --insecure'} {host}/{NAMESPACE}/{self.text}"


def make(
    connection: Connection, now: int, account_id: str, *, public: str = "", name: str = "", right: str = READ
) -> Code:
    """Make a code that links one machine to an account, once.

    Args:
        connection: within a write.
        now: milliseconds since 1970, UTC.
        account_id: whom the machine will stand for.
        public: its key as it is written in a file, where that is known; empty for whichever uses the code first.
        name: what people call it.
        right: `read` or `write`.

    Raises:
        WeighbridgeError: `E-machine-key`.
        RefusedError: 429 for too many codes that nobody used.
    """
    called, key_id = machine_keys.checked_name(name, right), ""
    if public:
        key_id = machine_keys.id_of(public)
        if machine_keys.is_of_another(connection, key_id, account_id):
            raise machine_keys.taken()
    connection.execute(delete(CODES).where(CODES.c.expires_at <= now))
    waiting = select(func.count()).select_from(CODES).where(CODES.c.account_id == account_id)
    if connection.execute(waiting).scalar_one() >= _MOST_OF_ONE:
        raise too_often("too many machines of yours wait to be linked", 600.0)
    text = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    row = {"code_hash": _hash(text), "account_id": account_id, "key_id": key_id, "name": called, "right": right}
    connection.execute(insert(CODES).values(row | {"expires_at": now + LASTS}))
    return Code(text, now + LASTS)


def in_scopes(scopes: tuple[tuple[str, str], ...]) -> str:
    """Return the code that a request for a token asks for; empty if it asks for models."""
    found = {name.removeprefix(f"{NAMESPACE}/") for name, _ in scopes if name.startswith(f"{NAMESPACE}/")}
    return found.pop() if len(found) == 1 and len(scopes) == 1 else ""


def waits(connection: Connection, now: int, text: str) -> bool:
    """Tell whether a code waits for a machine."""
    found = select(CODES.c.expires_at).where(CODES.c.code_hash == _hash(text))
    return (connection.execute(found).scalar() or 0) > now


def redeem(connection: Connection, now: int, text: str, public: str) -> MachineKey:
    """Register the key that signed for a code; the code is used up.

    Args:
        connection: within a write.
        now: milliseconds since 1970, UTC.
        text: the code.
        public: the key whose signature was verified.

    Raises:
        WeighbridgeError: `E-machine-key`: there is no such code, it has ended, it is for another key, or another
            account has this key.
    """
    row = None
    if _SHAPE.fullmatch(text):
        row = connection.execute(select(CODES).where(CODES.c.code_hash == _hash(text))).first()
    key_id = machine_keys.id_of(public)
    if row is None or row.expires_at <= now or row.key_id not in ("", key_id):
        raise WeighbridgeError(
            "E-machine-key", "this code links no machine: it was mistyped, used, or has ended", "make a new one"
        )
    connection.execute(delete(CODES).where(CODES.c.code_hash == row.code_hash))
    return machine_keys.add(connection, now, row.account_id, public, name=row.name, right=row.right)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
