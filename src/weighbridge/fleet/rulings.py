"""Rulings as people sign them: texts by role and number, who may sign them, and which are published.

What stands in them is made by those who own it (`revocations.py`, `exceptions.py`, the hub); `ruling_signing.py` brings
both together. A text is drafted as often as somebody asks for it; published is the one that enough people signed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Column, Connection, LargeBinary, String, delete, func, select, update

from weighbridge.fleet import policy_repository
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import add_signature, described, key_id_of
from weighbridge.sync.ruling_metadata import (
    SERVER_DAYS,
    new_ruling,
    renewed,
    ruling_digest,
    ruling_missing,
    ruling_signers,
)
from weighbridge.sync.rulings import CATALOG, ROLES, URGENT

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from tuf.api.metadata import Delegations  # type: ignore[attr-defined]  # its documented home

RULING_TEXTS = reference_table(
    "ruling_texts",
    Column("role", String(16), primary_key=True),
    integer("number", primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    integer("made_at", nullable=False),
    integer("published_at"),
)
_OWN_KEYS = {URGENT: "urgent", CATALOG: "catalog"}
"""Keys of this server that people may name for a role, by their names in the store."""
RENEW_AFTER = 7 * 86_400_000
"""Milliseconds after which this server signs anew."""
_LOOKED_AT = 50
"""Texts back; whatever is older has reached every endpoint that is there."""


class Published(NamedTuple):
    """A text that is in force as soon as endpoints fetch it."""

    role: str
    number: int
    content: bytes


def numbers(connection: Connection) -> dict[str, int]:
    """Return the number of the newest published text of each role that has one."""
    newest = select(RULING_TEXTS.c.role, func.max(RULING_TEXTS.c.number)).where(
        RULING_TEXTS.c.published_at.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(newest.group_by(RULING_TEXTS.c.role))}


def current(connection: Connection, role: str) -> Published | None:
    """Return the newest published text of a role; None if there is none."""
    wanted = select(RULING_TEXTS.c.number, RULING_TEXTS.c.content).where(
        RULING_TEXTS.c.role == role, RULING_TEXTS.c.published_at.is_not(None)
    )
    row = connection.execute(wanted.order_by(RULING_TEXTS.c.number.desc()).limit(1)).first()
    return None if row is None else Published(role, row.number, bytes(row.content))


def text_of(connection: Connection, role: str, number: int, digest: str) -> bytes | None:
    """Return a published text; None if there is none."""
    same = RULING_TEXTS.c.role == role, RULING_TEXTS.c.number == number, RULING_TEXTS.c.sha256 == digest
    found = connection.execute(
        select(RULING_TEXTS.c.content).where(*same, RULING_TEXTS.c.published_at.is_not(None))
    ).scalar()
    return None if found is None else bytes(found)


def first_with(connection: Connection, role: str, ruling_id: str) -> int:
    """Return the number of the first published text that a ruling stands in; a number that nobody has if in none."""
    wanted = select(RULING_TEXTS.c.number, RULING_TEXTS.c.content).where(
        RULING_TEXTS.c.role == role, RULING_TEXTS.c.published_at.is_not(None)
    )
    marked = f'"{ruling_id}"'.encode()
    found = 1 << 53
    for row in connection.execute(wanted.order_by(RULING_TEXTS.c.number.desc()).limit(_LOOKED_AT)):
        if marked not in bytes(row.content):
            break
        found = row.number
    return found


def signers(connection: Connection) -> dict[str, tuple[set[str], int]]:
    """Return whose keys count (ids) and how many must sign, by role; empty as long as nobody was named."""
    listed = policy_repository.targets(connection)
    return {} if listed is None else ruling_signers(listed)


def is_signed_here(connection: Connection, role: str) -> bool:
    """Tell whether people named this server's own key to sign a role (`URGENT`, `CATALOG`) alone. Within a write."""
    named, threshold = signers(connection).get(role, (set(), 0))
    if threshold != 1 or len(named) != 1:
        return False  # and no key is made for nothing
    return key_id_of(own_key(connection, role).public_key()) in named


def own_key(connection: Connection, role: str) -> "Ed25519PrivateKey":
    """Return the key of this server that people may name to sign a role (`URGENT`, `CATALOG`), within a write."""
    return policy_repository.online_key(connection, _OWN_KEYS[role])


def delegations(connection: Connection, single: Mapping[str, bool] | None = None) -> "Delegations | None":
    """Return who may sign rulings by the next list of policies; None as long as nobody was named for policies.

    Args:
        connection: within a write.
        single: roles (`URGENT`, `CATALOG`) that are to be signed by this server's own key from now on, or no more; all
            others as before.
    """
    root = policy_repository.root(connection)
    if root is None:
        return None
    keys = {role: own_key(connection, role).public_key() if own else None for role, own in (single or {}).items()}
    return renewed(root, policy_repository.targets(connection), keys)


def draft(connection: Connection, now: int, role: str, content: bytes) -> bytes:
    """Keep a text under the next number of its role; return the metadata that those who may are to sign.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        role: one of `sync.rulings.ROLES`.
        content: with that number in it: `next_number`.
    """
    number = next_number(connection, role)
    row = {"role": role, "number": number, "sha256": sha256(content).hexdigest(), "content": content}
    upsert(connection, RULING_TEXTS, [row | {"made_at": now, "published_at": None}])
    days = SERVER_DAYS if role in _OWN_KEYS and is_signed_here(connection, role) else None
    return new_ruling(role, number, content, datetime.fromtimestamp(now / 1000, UTC), days)


def sign_here(connection: Connection, now: int, role: str, content: bytes) -> bytes:
    """Return metadata of a text, made as `draft` does, signed by this server's own key for its role."""
    return add_signature(draft(connection, now, role, content), own_key(connection, role))


def runs_out(connection: Connection, now: int, role: str) -> bool:
    """Tell whether this server is to sign a role's text anew, though nothing is new, so that it is believed on."""
    ends = expires(connection).get(role)
    if ends is None or not is_signed_here(connection, role):
        return False
    left = datetime.fromisoformat(ends).replace(tzinfo=UTC).timestamp() * 1000 - now
    return left <= SERVER_DAYS * 86_400_000 - RENEW_AFTER


def next_number(connection: Connection, role: str) -> int:
    """Return the number that the next text of a role has."""
    return numbers(connection).get(role, 0) + 1


def publish(connection: Connection, now: int, signed: bytes) -> Published:
    """Take metadata of a text that was drafted here and signed by enough of those who may; return the text.

    Raises:
        WeighbridgeError: `E-policy-signatures`, `E-policy-metadata`: endpoints would not believe it; `E-ruling`: it is
            none of this server, or another one was published since.
    """
    role, number, digest = ruling_digest(signed)
    listed = policy_repository.targets(connection)
    if listed is None:
        raise WeighbridgeError(
            "E-policy-signatures",
            "nobody was named yet who signs rulings",
            "`wb fleet policy root`, then `wb fleet policy delegate`",
        )
    if missing := ruling_missing(listed, signed):
        people = "person" if missing == 1 else "people"
        raise WeighbridgeError(
            "E-policy-signatures",
            f"{missing} more {people} whose signatures count must sign this",
            "`wb fleet policy sign FILE --key KEY`, each with their own",
        )
    expected = next_number(connection, role)
    if number != expected:
        raise _not_this(f"this is {role} {number}; {expected} come next")
    same = RULING_TEXTS.c.role == role, RULING_TEXTS.c.number == number
    content = connection.execute(select(RULING_TEXTS.c.content).where(*same, RULING_TEXTS.c.sha256 == digest)).scalar()
    if content is None:
        raise _not_this(f"the text of {role} {number} was not made on this server")
    connection.execute(delete(RULING_TEXTS).where(*same, RULING_TEXTS.c.sha256 != digest))
    connection.execute(update(RULING_TEXTS).where(*same).values(published_at=now))
    policy_repository.add_ruling(connection, now, role, number, signed)
    return Published(role, number, bytes(content))


def expires(connection: Connection) -> dict[str, str]:
    """Return the day on which what is published runs out, by role."""
    found = {role: policy_repository.file(connection, f"{role}.json") for role in ROLES}
    return {role: described(content).expires for role, content in found.items() if content is not None}


def _not_this(message: str) -> WeighbridgeError:
    return WeighbridgeError("E-ruling", message, "`wb fleet revocations --sign FILE` writes what is to be signed now")
