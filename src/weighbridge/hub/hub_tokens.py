"""Tokens of the hub: `hf_` and forty letters and digits, which every client of the Hugging Face Hub passes on.

llama.cpp drops tokens that are not `hf_` and at least 34 letters and digits. Of the secret only a hash is kept.
"""

import hashlib
import hmac
import re
import secrets
import string
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, func, insert, select, update

from weighbridge.fleet.accounts import Account, by_id
from weighbridge.fleet.my_device import still_in
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError

READ, WRITE = "read", "write"
LONGEST = 366 * 24 * 3600 * 1000
ID_LENGTH = 12
_ALPHABET = string.ascii_letters + string.digits
_SHAPE = re.compile(r"hf_([A-Za-z0-9]{12})([A-Za-z0-9]{28})", re.ASCII)
_BETWEEN_NOTES = 60_000
_MOST = 100
"""Tokens of an account that hold."""

HUB_TOKENS = reference_table(
    "hub_tokens",
    Column("token_id", String(12), primary_key=True),
    Column("secret_hash", String(64), nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("name", String(128), nullable=False),
    Column("right", String(8), nullable=False),
    integer("created_at", nullable=False),
    integer("expires_at", nullable=False),
    integer("revoked_at"),
    integer("used_at"),
    Index(None, "account_id"),
)


class HubToken(NamedTuple):
    """One token without its secret. Times are milliseconds since 1970, UTC."""

    token_id: str
    account_id: str
    name: str
    right: str
    """`read`, or `write` for both."""
    created_at: int
    expires_at: int
    revoked_at: int | None
    used_at: int | None


class Found(NamedTuple):
    """A token that holds, and whose it is."""

    token: HubToken
    account: Account
    note: bool
    """Whether its use should be noted."""


def make(
    connection: Connection, now: int, account_id: str, *, name: str, right: str = READ, lasts: int = LONGEST
) -> tuple[HubToken, str]:
    """Make a token; return it and its text, which is shown this once.

    Raises WeighbridgeError `E-token`, also for more than an account may have that hold.
    """
    clean = name.strip()
    if not 0 < len(clean) <= 128 or not clean.isprintable() or right not in (READ, WRITE) or not 0 < lasts <= LONGEST:
        raise WeighbridgeError(
            "E-token", "this makes no token of the hub", "give it a name, `read` or `write`, and up to 366 days"
        )
    live = HUB_TOKENS.c.account_id == account_id, HUB_TOKENS.c.revoked_at.is_(None), HUB_TOKENS.c.expires_at > now
    if connection.execute(select(func.count()).select_from(HUB_TOKENS).where(*live)).scalar_one() >= _MOST:
        raise WeighbridgeError("E-token", f"an account has up to {_MOST} tokens", "end those that nothing uses")
    token_id, secret = _random(12), _random(28)
    token = HubToken(token_id, account_id, clean, right, now, now + lasts, None, None)
    connection.execute(insert(HUB_TOKENS).values(token._asdict() | {"secret_hash": _hash(secret)}))
    return token, f"hf_{token_id}{secret}"


def find(connection: Connection, now: int, text: str) -> Found | None:
    """Return what a token's text stands for; None if it is none, ended, or its account may not come in."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    row = connection.execute(select(HUB_TOKENS).where(HUB_TOKENS.c.token_id == shape[1])).first()
    if row is None or not hmac.compare_digest(row.secret_hash, _hash(shape[2])):
        return None
    if row.revoked_at is not None or row.expires_at <= now:
        return None
    account = by_id(connection, row.account_id)
    if account is None or account.disabled_at is not None or not still_in(connection, account):
        return None
    return Found(_token(row), account, row.used_at is None or now - row.used_at >= _BETWEEN_NOTES)


def note_use(connection: Connection, now: int, token_id: str) -> None:
    """Note that a token was used."""
    connection.execute(update(HUB_TOKENS).where(HUB_TOKENS.c.token_id == token_id).values(used_at=now))


def revoke(connection: Connection, now: int, token_id: str, account_id: str | None) -> bool:
    """End a token; return whether there was such. `account_id`: whose it must be; None: anybody's."""
    wanted = [HUB_TOKENS.c.token_id == token_id, HUB_TOKENS.c.revoked_at.is_(None)]
    if account_id is not None:
        wanted.append(HUB_TOKENS.c.account_id == account_id)
    return connection.execute(update(HUB_TOKENS).where(*wanted).values(revoked_at=now)).rowcount == 1


def of_account(connection: Connection, account_id: str) -> list[HubToken]:
    """Return the tokens of an account, the newest first, ended ones too."""
    wanted = select(HUB_TOKENS).where(HUB_TOKENS.c.account_id == account_id)
    return [
        _token(row)
        for row in connection.execute(wanted.order_by(HUB_TOKENS.c.created_at.desc(), HUB_TOKENS.c.token_id))
    ]


def _token(row: object) -> HubToken:
    return HubToken(**{name: getattr(row, name) for name in HubToken._fields})


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
