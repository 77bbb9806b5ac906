"""Links that let somebody in once: the first administrator of a new server, and whoever lost a password.

Only a hash of a link's secret is kept. A link works once, for a short time, and a new one ends those before it.
"""

import hashlib
import secrets

from sqlalchemy import Column, Connection, Index, String, delete, insert, select, update

from weighbridge.fleet import accounts
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.tables import integer, reference_table

LIFETIME = 24 * 3600 * 1000
"""Milliseconds."""

LINKS = reference_table(
    "sign_in_links",
    Column("link_hash", String(64), primary_key=True),
    Column("account_id", String(32), nullable=False),
    integer("expires_at", nullable=False),
    integer("used_at", nullable=True),
    Index(None, "account_id"),
)


def make(connection: Connection, now: int, account_id: str, lifetime: int = LIFETIME) -> str:
    """Return the secret of a new link for an account; older links of it end."""
    secret = secrets.token_urlsafe(32)
    connection.execute(delete(LINKS).where(LINKS.c.account_id == account_id))
    row = {"link_hash": _hash(secret), "account_id": account_id, "expires_at": now + lifetime, "used_at": None}
    connection.execute(insert(LINKS).values(row))
    return secret


def use(connection: Connection, now: int, secret: str) -> str | None:
    """Use a link up; return whose it was, None if it is unknown, used or too old, or its account is disabled."""
    found = LINKS.c.link_hash == _hash(secret)
    # One statement decides, so that of two who come at once only one gets in.
    unused = update(LINKS).where(found, LINKS.c.used_at.is_(None), LINKS.c.expires_at > now).values(used_at=now)
    if connection.execute(unused).rowcount != 1:
        return None
    account_id = connection.execute(select(LINKS.c.account_id).where(found)).scalar_one()
    account = accounts.by_id(connection, account_id)
    return None if account is None or account.disabled_at is not None else account_id


def is_usable(connection: Connection, now: int, secret: str) -> bool:
    """Tell whether a link would let somebody in; looking does not use it up."""
    fresh = LINKS.c.link_hash == _hash(secret), LINKS.c.used_at.is_(None), LINKS.c.expires_at > now
    return connection.execute(select(LINKS.c.account_id).where(*fresh)).first() is not None


def first(connection: Connection, now: int, *, shared: bool = False) -> str | None:
    """Return the secret of a link for the first administrator while nobody has ever been let in.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        shared: whether other servers may have shown a link that works: it is left, and "" returned.

    Returns:
        None once somebody was let in.
    """
    known = accounts.every(connection)
    if not known:
        return make(connection, now, accounts.add(connection, now, accounts.FIRST, Role.ADMINISTRATOR).account_id)
    only = known[0]
    made = select(LINKS.c.used_at, LINKS.c.expires_at).where(LINKS.c.account_id == only.account_id)
    link = connection.execute(made).first()
    if len(known) > 1 or only.has_password or (link is not None and link.used_at is not None):
        return None
    if shared and link is not None and link.expires_at > now:
        return ""
    return make(connection, now, only.account_id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
