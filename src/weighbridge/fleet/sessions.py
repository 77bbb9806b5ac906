"""Sessions of browsers: kept here, known to the browser only by a random secret of which a hash is stored.

A session ends by itself when nobody used it for a while, and in any case after some hours; when the password or the
role of its account changes; and when somebody ends it. Source: OWASP ASVS 5.0, chapters 3.5 and 7.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, delete, insert, select, update

from weighbridge.fleet.accounts import Account, by_id
from weighbridge.fleet.tables import integer, reference_table

PASSWORD, LINK, OIDC, PASSKEY = "password", "link", "oidc", "passkey"
_BETWEEN_NOTES = 60_000
"""Milliseconds between two notes that a session was used: a page asks for many things at once."""

SESSIONS = reference_table(
    "sessions",
    Column("session_id", String(64), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Column("began_by", String(8), nullable=False),
    integer("began_at", nullable=False),
    integer("used_at", nullable=False),
    integer("expires_at", nullable=False),
    Index(None, "account_id"),
    Index(None, "expires_at"),
)


class Session(NamedTuple):
    """One session. Times are milliseconds since 1970, UTC."""

    session_id: str
    account_id: str
    address: str
    agent: str
    began_by: str
    """`PASSWORD`, `LINK`, `OIDC` or `PASSKEY`: who came by a link may set a password without knowing the old one."""
    began_at: int
    used_at: int
    expires_at: int


class Found(NamedTuple):
    """A session that holds, whose it is, and whether its use should be noted."""

    session: Session
    account: Account
    note: bool


def begin(connection: Connection, now: int, account_id: str, *, lasts: int, address: str, agent: str, by: str) -> str:
    """Begin a session and return its secret, for the browser alone.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        account_id: whose.
        lasts: milliseconds after which it ends whatever happens.
        address: of the browser.
        agent: what the browser calls itself.
        by: `PASSWORD`, `LINK`, `OIDC` or `PASSKEY`.
    """
    secret = secrets.token_urlsafe(32)
    row = Session(identify(secret), account_id, address[:64], _printable(agent)[:200], by, now, now, now + lasts)
    connection.execute(insert(SESSIONS).values(row._asdict()))
    return secret


def find(connection: Connection, now: int, secret: str, *, idle: int) -> Found | None:
    """Return the session of a secret; None if there is none, it ended, or its account may not come in.

    Args:
        connection: within a read.
        now: milliseconds since 1970.
        secret: as the browser sent it.
        idle: milliseconds without use after which a session ends.
    """
    row = connection.execute(select(SESSIONS).where(SESSIONS.c.session_id == identify(secret))).first()
    if row is None or row.expires_at <= now or row.used_at + idle <= now:
        return None
    account = by_id(connection, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return Found(Session(*row), account, now - row.used_at >= _BETWEEN_NOTES)


def note_use(connection: Connection, now: int, session_id: str) -> None:
    """Note that a session was used."""
    used = update(SESSIONS).where(SESSIONS.c.session_id == session_id, SESSIONS.c.used_at < now)
    connection.execute(used.values(used_at=now))


def end(connection: Connection, account_id: str, session_id: str) -> bool:
    """End one session of an account; return whether there was such."""
    wanted = SESSIONS.c.session_id == session_id, SESSIONS.c.account_id == account_id
    return connection.execute(delete(SESSIONS).where(*wanted)).rowcount == 1


def end_all(connection: Connection, account_id: str) -> int:
    """End all sessions of an account; return how many there were."""
    return connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account_id)).rowcount


def of_account(connection: Connection, account_id: str) -> list[Session]:
    """Return the sessions of an account, the newest first."""
    wanted = select(SESSIONS).where(SESSIONS.c.account_id == account_id).order_by(SESSIONS.c.began_at.desc())
    return [Session(*row) for row in connection.execute(wanted)]


def sweep(connection: Connection, now: int, *, idle: int) -> int:
    """Remove what ended by itself; return how many."""
    over = (SESSIONS.c.expires_at <= now) | (SESSIONS.c.used_at <= now - idle)
    return connection.execute(delete(SESSIONS).where(over)).rowcount


def identify(secret: str) -> str:
    """Return the name under which a session is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(secret: str) -> str:
    """Return what every form of a session carries, so that only its own pages can send one."""
    made = hmac.digest(secret.encode("utf-8", "surrogatepass"), b"weighbridge form", "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def is_form_token(secret: str, given: str) -> bool:
    """Tell whether a form came from a page of this session."""
    return hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "surrogatepass"))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
