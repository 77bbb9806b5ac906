"""Logging in without typing a secret: a tool shows a short code, its person allows it in the console.

Source: RFC 8628, sections 3 and 5 (codes, polling, what people must be told before they allow).
"""

import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Index, String, delete, func, insert, select, update

from weighbridge.fleet.authentication import too_often
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import hub_tokens

LASTS_SECONDS = 900
"""How long somebody may take to allow it."""
INTERVAL_SECONDS = 5
"""How often the tool may ask."""
TOKEN_LASTS = 90 * 24 * 3600 * 1000
PENDING, SLOW, DENIED, ENDED = "authorization_pending", "slow_down", "access_denied", "expired_token"
"""What a tool is told, as section 3.5 names it."""
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Section 6.1: no vowels, so that no word comes out. 20 letters to the power of 8: more than anybody tries in a day."""
_MOST, _MOST_OF_ONE = 2_000, 100
"""Logins that wait at the same time, and those of one address: it must not keep all others from logging in."""

LOGINS = reference_table(
    "hub_device_logins",
    Column("device_hash", String(64), primary_key=True),
    Column("user_code", String(9), nullable=False),
    Column("tool", String(100), nullable=False),
    Column("address", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("right", String(8), nullable=False),
    integer("begun_at", nullable=False),
    integer("asked_at", nullable=False),
    integer("expires_at", nullable=False),
    Index("ux_hub_device_logins_user_code", "user_code", unique=True),
    Index(None, "expires_at"),
)


class Begun(NamedTuple):
    """A login that waits: what the tool keeps, and what it shows."""

    device_code: str
    user_code: str
    """`BCDF-GHJK`."""


class Waiting(NamedTuple):
    """What the person is shown who shall allow it."""

    user_code: str
    tool: str
    """Which tool asks, as it says."""
    address: str
    """From where."""
    begun_at: int
    expires_at: int


class Redeemed(NamedTuple):
    """A login that was allowed: the text of the token, and whose it is."""

    token: str
    account_id: str


def begin(connection: Connection, now: int, *, tool: str, address: str) -> Begun:
    """Begin a login. Raises RefusedError 429 if too many wait."""
    connection.execute(delete(LOGINS).where(LOGINS.c.expires_at <= now))
    counted = select(func.count()).select_from(LOGINS)
    if connection.execute(counted.where(LOGINS.c.address == address[:64])).scalar_one() >= _MOST_OF_ONE:
        raise too_often("too many logins from your address wait to be allowed", 60.0)
    if connection.execute(counted).scalar_one() >= _MOST:
        raise too_often("too many logins wait to be allowed", 60.0)
    device_code, letters = secrets.token_urlsafe(32), [secrets.choice(_LETTERS) for _ in range(8)]
    user_code = f"{''.join(letters[:4])}-{''.join(letters[4:])}"
    row: dict[str, object] = {"device_hash": _hash(device_code), "user_code": user_code, "tool": tool[:100]}
    row |= {"address": address[:64], "state": "waiting", "account_id": "", "right": "", "begun_at": now}
    row |= {"asked_at": 0, "expires_at": now + LASTS_SECONDS * 1000}
    connection.execute(insert(LOGINS).values(row))
    return Begun(device_code, user_code)


def waiting(connection: Connection, now: int, user_code: str) -> Waiting | None:
    """Return the login that a code stands for; None if there is none, or somebody decided already."""
    row = connection.execute(select(LOGINS).where(*_of_code(now, user_code))).first()
    return None if row is None else Waiting(*(getattr(row, name) for name in Waiting._fields))


def decide(connection: Connection, now: int, user_code: str, account_id: str, *, right: str | None) -> bool:
    """Allow or refuse a login; return whether it waited for that.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        user_code: which, as a person typed it.
        account_id: who decides, and whom the tool then acts for.
        right: `read` or `write`; None refuses.
    """
    values = {"state": "allowed" if right else "denied", "account_id": account_id, "right": right or ""}
    return connection.execute(update(LOGINS).where(*_of_code(now, user_code)).values(values)).rowcount == 1


def redeem(connection: Connection, now: int, device_code: str) -> Redeemed | str:
    """Return the token of a login that was allowed, this once; else what the tool is told."""
    same = LOGINS.c.device_hash == _hash(device_code)
    row = connection.execute(select(LOGINS).where(same)).first()
    if row is None or row.expires_at <= now:
        return ENDED
    if row.state == "waiting":
        connection.execute(update(LOGINS).where(same).values(asked_at=now))
        return SLOW if now - row.asked_at < (INTERVAL_SECONDS - 1) * 1000 else PENDING
    connection.execute(delete(LOGINS).where(same))
    if row.state == "denied":
        return DENIED
    name = f"{row.tool or 'a tool'} at {row.address or 'an unknown address'}"
    _, text = hub_tokens.make(connection, now, row.account_id, name=name[:128], right=row.right, lasts=TOKEN_LASTS)
    return Redeemed(text, row.account_id)


def clean_code(text: str) -> str:
    """Return a code as it is stored, however somebody typed it."""
    letters = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalpha())[:8]
    return f"{letters[:4]}-{letters[4:]}"


def _of_code(now: int, user_code: str) -> tuple[ColumnElement[bool], ...]:
    return LOGINS.c.user_code == clean_code(user_code), LOGINS.c.state == "waiting", LOGINS.c.expires_at > now


def _hash(device_code: str) -> str:
    return hashlib.sha256(device_code.encode("utf-8", "replace")).hexdigest()
