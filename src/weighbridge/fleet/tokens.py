"""Tokens for programs: limited to some permissions, for a time, and never more than their account has.

A token is `wbt_`, its id and a secret. The beginning lets scanners of leaked secrets find it, the id lets people speak
of it; of the secret only a hash is kept.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, Text, insert, select, update

from weighbridge.fleet.accounts import Account, by_id
from weighbridge.fleet.permissions import ROLES, Permission
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError

PREFIX = "wbt_"
LONGEST = 366 * 24 * 3600 * 1000
"""Milliseconds that a token lasts at most."""
_SHAPE = re.compile(r"wbt_([0-9a-f]{16})_([0-9a-f]{64})", re.ASCII)
_BETWEEN_NOTES = 60_000
_MOST = 100

TOKENS = reference_table(
    "api_tokens",
    Column("token_id", String(16), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("name", String(128), nullable=False),
    Column("permissions", Text, nullable=False),
    integer("created_at", nullable=False),
    integer("expires_at", nullable=False),
    integer("revoked_at", nullable=True),
    integer("used_at", nullable=True),
    Index(None, "account_id"),
)


class Token(NamedTuple):
    """One token without its secret. Times are milliseconds since 1970, UTC."""

    token_id: str
    account_id: str
    name: str
    permissions: tuple[str, ...]
    created_at: int
    expires_at: int
    revoked_at: int | None
    used_at: int | None


class Found(NamedTuple):
    """A token that holds, whose it is, what it may, and whether its use should be noted."""

    token: Token
    account: Account
    permissions: frozenset[Permission]
    note: bool


def make(
    connection: Connection, now: int, account: Account, *, name: str, permissions: Collection[Permission], lasts: int
) -> tuple[Token, str]:
    """Make a token; return it and its text, which is shown this once.

    Raises:
        WeighbridgeError: `E-token`.
    """
    clean = name.strip()
    if not 0 < len(clean) <= 128 or not clean.isprintable():
        raise _refused("a token has a name", "say in up to 128 visible characters what uses it")
    if not permissions or not set(permissions) <= ROLES:
        raise _refused("a token needs permissions that a role has", f"choose from {', '.join(sorted(ROLES))}")
    if not 0 < lasts <= LONGEST:
        raise _refused("a token lasts up to 366 days", "choose a shorter time, and renew it")
    if len(_held(connection, account.account_id, now)) >= _MOST:
        raise _refused(f"an account has up to {_MOST} tokens", "revoke those that nothing uses")
    token_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    chosen = tuple(sorted(permission.value for permission in set(permissions)))
    token = Token(token_id, account.account_id, clean, chosen, now, now + lasts, None, None)
    row = token._asdict() | {"permissions": " ".join(chosen), "secret_hash": _hash(secret)}
    connection.execute(insert(TOKENS).values(row))
    return token, f"{PREFIX}{token_id}_{secret}"


def find(connection: Connection, now: int, text: str) -> Found | None:
    """Return what a token's text stands for; None if it is none, ended, or its account may not come in."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    row = connection.execute(select(TOKENS).where(TOKENS.c.token_id == shape[1])).first()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(shape[2])):
        return None
    if row.revoked_at is not None or row.expires_at <= now:
        return None
    account = by_id(connection, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    token = _token(row)
    allowed = frozenset(permission for permission in Permission if permission.value in token.permissions)
    return Found(token, account, allowed, token.used_at is None or now - token.used_at >= _BETWEEN_NOTES)


def note_use(connection: Connection, now: int, token_id: str) -> None:
    """Note that a token was used."""
    connection.execute(update(TOKENS).where(TOKENS.c.token_id == token_id).values(used_at=now))


def revoke(connection: Connection, now: int, token_id: str, account_id: str | None) -> bool:
    """End a token; return whether there was such. `account_id`: whose it must be; None: anybody's."""
    wanted = [TOKENS.c.token_id == token_id, TOKENS.c.revoked_at.is_(None)]
    if account_id is not None:
        wanted.append(TOKENS.c.account_id == account_id)
    return connection.execute(update(TOKENS).where(*wanted).values(revoked_at=now)).rowcount == 1


def of_account(connection: Connection, account_id: str) -> list[Token]:
    """Return the tokens of an account, the newest first, ended ones too."""
    wanted = select(TOKENS).where(TOKENS.c.account_id == account_id)
    return [_token(row) for row in connection.execute(wanted.order_by(TOKENS.c.created_at.desc(), TOKENS.c.token_id))]


def _held(connection: Connection, account_id: str, now: int) -> list[Token]:
    return [one for one in of_account(connection, account_id) if one.revoked_at is None and one.expires_at > now]


def _token(row: object) -> Token:
    fields = {name: getattr(row, name) for name in Token._fields}
    return Token(**fields | {"permissions": tuple(fields["permissions"].split())})


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-token", message, hint)
