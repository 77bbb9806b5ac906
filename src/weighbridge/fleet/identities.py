"""Whom the identity provider's people are here: which account belongs to which of its subjects.

A subject is never taken for an account because a name or an address of mail is the same: whoever could choose theirs at
the provider could be anybody here. Source: OpenID Connect Core 1.0, section 5.7.
"""

import hashlib

from sqlalchemy import Column, Connection, Index, String, Text, insert, select, update

from weighbridge.fleet import accounts
from weighbridge.fleet.accounts import LONGEST_NAME, Account, clean_name
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.ledger.canonical import canonical
from weighbridge.model.errors import WeighbridgeError

IDENTITIES = reference_table(
    "identities",
    Column("identity_hash", String(64), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("account_id", String(32), nullable=False),
    integer("created_at", nullable=False),
    integer("seen_at", nullable=False),
    Index(None, "account_id"),
)
_MOST_TRIES = 100


def account_of(connection: Connection, issuer: str, subject: str) -> Account | None:
    """Return the account of a subject; None if it never was here."""
    found = select(IDENTITIES.c.account_id).where(IDENTITIES.c.identity_hash == _hash(issuer, subject))
    return accounts.by_id(connection, connection.execute(found).scalar() or "")


def add(connection: Connection, now: int, issuer: str, subject: str, name: str, role: Role, scope: Scope) -> Account:
    """Make an account for a subject. Raises WeighbridgeError `E-account` if no name can be found for it.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        issuer: of the provider.
        subject: as the provider names it, for ever.
        name: what the account is called, unless somebody is called so already.
        role: what it may.
        scope: what it sees.
    """
    account = accounts.add(connection, now, _free_name(connection, name), role, scope)
    row = {"identity_hash": _hash(issuer, subject), "issuer": issuer, "subject": subject}
    row |= {"account_id": account.account_id}
    connection.execute(insert(IDENTITIES).values(**row, created_at=now, seen_at=now))
    return account


def note_seen(connection: Connection, now: int, issuer: str, subject: str) -> None:
    """Note that a subject was here."""
    connection.execute(
        update(IDENTITIES).where(IDENTITIES.c.identity_hash == _hash(issuer, subject)).values(seen_at=now)
    )


def of_account(connection: Connection, account_id: str) -> list[tuple[str, str]]:
    """Return issuer and subject of what belongs to an account."""
    rows = connection.execute(
        select(IDENTITIES.c.issuer, IDENTITIES.c.subject).where(IDENTITIES.c.account_id == account_id)
    )
    return [(row.issuer, row.subject) for row in rows]


def _free_name(connection: Connection, name: str) -> str:
    for number in range(1, _MOST_TRIES):
        tried = clean_name(name if number == 1 else f"{name[: LONGEST_NAME - 4]} {number}")
        if accounts.by_name(connection, tried) is None:
            return tried
    raise WeighbridgeError("E-account", "too many accounts have this name", "ask an administrator for an account")


def _hash(issuer: str, subject: str) -> str:
    return hashlib.sha256(canonical([issuer, subject])).hexdigest()
