"""Passkeys: public keys whose other half a person's device keeps, with challenges that each are answered once.

Source: W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

import hashlib
import secrets
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, Text, delete, insert, select, update

from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError

LONGEST_NAME = 64
MOST = 20
"""Passkeys of one account."""
CHALLENGE_LASTS = 5 * 60_000
"""Milliseconds."""

PASSKEYS = reference_table(
    "passkeys",
    Column("passkey_id", String(64), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("credential_id", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    integer("sign_count", nullable=False),
    Column("name", String(LONGEST_NAME), nullable=False),
    integer("created_at", nullable=False),
    integer("used_at", nullable=True),
    Index(None, "account_id"),
)
CHALLENGES = reference_table(
    "passkey_challenges",
    Column("challenge_hash", String(64), primary_key=True),
    Column("account_id", String(32), nullable=False),
    integer("expires_at", nullable=False),
    Index(None, "expires_at"),
)


class Passkey(NamedTuple):
    """One passkey. Times are milliseconds since 1970, UTC; credential and key are hexadecimal."""

    passkey_id: str
    account_id: str
    credential_id: str
    public_key: str
    sign_count: int
    name: str
    created_at: int
    used_at: int | None


def challenge(connection: Connection, now: int, account_id: str = "") -> bytes:
    """Return a challenge that can be answered once, soon.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        account_id: whose passkey is to be added; empty for signing in.
    """
    made = secrets.token_bytes(32)
    row = {"challenge_hash": _hash(made), "account_id": account_id, "expires_at": now + CHALLENGE_LASTS}
    connection.execute(insert(CHALLENGES).values(row))
    return made


def use_challenge(connection: Connection, now: int, given: bytes, account_id: str = "") -> bool:
    """Use a challenge up; tell whether it was one, for this purpose, and not too old."""
    found = CHALLENGES.c.challenge_hash == _hash(given), CHALLENGES.c.account_id == account_id
    return connection.execute(delete(CHALLENGES).where(*found, CHALLENGES.c.expires_at > now)).rowcount == 1


def sweep(connection: Connection, now: int) -> None:
    """Remove challenges that nobody answered."""
    connection.execute(delete(CHALLENGES).where(CHALLENGES.c.expires_at <= now))


def add(
    connection: Connection, now: int, account_id: str, name: str, credential_id: bytes, public_key: bytes, count: int
) -> Passkey:
    """Keep a passkey. Raises WeighbridgeError `E-passkey` for a name that is none, one that is known, or too many.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        account_id: whose.
        name: what its person calls it.
        credential_id: as the device calls it.
        public_key: in COSE.
        count: how often the device used it, as it says.
    """
    shown = " ".join(name.split())
    if not 0 < len(shown) <= LONGEST_NAME or not shown.isprintable():
        raise refused("a passkey needs a name", f"1 to {LONGEST_NAME} visible characters, such as `work laptop`")
    if len(of_account(connection, account_id)) >= MOST:
        raise refused("this account has enough passkeys", "remove one first")
    passkey_id = _hash(credential_id)
    if find(connection, credential_id) is not None:
        raise refused("this passkey is known already", "use another device")
    row = Passkey(passkey_id, account_id, credential_id.hex(), public_key.hex(), count, shown, now, None)
    connection.execute(insert(PASSKEYS).values(row._asdict()))
    return row


def find(connection: Connection, credential_id: bytes) -> Passkey | None:
    """Return a passkey; None if there is no such."""
    row = connection.execute(select(PASSKEYS).where(PASSKEYS.c.passkey_id == _hash(credential_id))).first()
    return None if row is None else Passkey(*row)


def of_account(connection: Connection, account_id: str) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    wanted = select(PASSKEYS).where(PASSKEYS.c.account_id == account_id)
    ordered = wanted.order_by(PASSKEYS.c.created_at, PASSKEYS.c.passkey_id)
    return [Passkey(*row) for row in connection.execute(ordered)]


def note_use(connection: Connection, now: int, passkey_id: str, count: int) -> None:
    """Note that a passkey was used."""
    used = update(PASSKEYS).where(PASSKEYS.c.passkey_id == passkey_id)
    connection.execute(used.values(used_at=now, sign_count=count))


def remove(connection: Connection, account_id: str, passkey_id: str) -> bool:
    """Remove a passkey of an account; return whether there was such."""
    found = PASSKEYS.c.passkey_id == passkey_id, PASSKEYS.c.account_id == account_id
    return connection.execute(delete(PASSKEYS).where(*found)).rowcount == 1


def refused(message: str, hint: str) -> WeighbridgeError:
    """Return the error of a passkey that cannot be."""
    return WeighbridgeError("E-passkey", message, hint)


def _hash(given: bytes) -> str:
    return hashlib.sha256(given).hexdigest()
