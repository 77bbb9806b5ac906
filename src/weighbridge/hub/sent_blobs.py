"""Which account sent which bytes: whoever commits a digest must have had the bytes in hand.

A digest alone opens nothing. Without this, somebody could commit the digest of what another namespace keeps to itself,
or of what was never approved, and read it as their own once that commit is.
"""

from collections.abc import Collection

from sqlalchemy import Column, Connection, String, delete, select

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import look_up, release_files
from weighbridge.hub.look_up import Asked
from weighbridge.hub.models import by_id, by_name
from weighbridge.hub.names import Name
from weighbridge.hub.refusal import Refusal

KEPT = 30 * 24 * 3_600_000
"""Milliseconds for which it is known that an account sent something."""
_AT_ONCE = 5_000

SENT_BLOBS = reference_table(
    "hub_sent_blobs",
    Column("account_id", String(32), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    integer("sent_at", nullable=False),
)


def note(connection: Connection, now: int, account_id: str, digests: Collection[str]) -> None:
    """Take note that an account sent bytes; what it sent long ago is forgotten."""
    mine = SENT_BLOBS.c.account_id == account_id
    connection.execute(delete(SENT_BLOBS).where(mine, SENT_BLOBS.c.sent_at < now - KEPT))
    upsert(connection, SENT_BLOBS, [{"account_id": account_id, "sha256": one, "sent_at": now} for one in set(digests)])


def strange(connection: Connection, asked: Asked, name: Name, digests: Collection[str]) -> list[str]:
    """Return those digests that a caller may not commit to a model.

    They may commit what they sent, what a release of this model holds already, and what they may read anyway.
    """
    viewer = asked.caller.viewer
    account_id = viewer.account_id if viewer else ""
    return [
        one
        for one in sorted(set(digests) - sent(connection, account_id, digests))
        if not _has(connection, asked, name, one)
    ]


def sent(connection: Connection, account_id: str, digests: Collection[str]) -> set[str]:
    """Return those digests that an account sent lately."""
    found: set[str] = set()
    listed = sorted(set(digests))
    for at in range(0, len(listed), _AT_ONCE):
        mine = SENT_BLOBS.c.account_id == account_id, SENT_BLOBS.c.sha256.in_(listed[at : at + _AT_ONCE])
        found |= set(connection.execute(select(SENT_BLOBS.c.sha256).where(*mine)).scalars())
    return found


def _has(connection: Connection, asked: Asked, name: Name, sha256: str) -> bool:
    own = by_name(connection, name)
    if own is not None and release_files.releases_with(connection, sha256, model_id=own.model_id, limit=1):
        return True
    for release in release_files.releases_with(connection, sha256):
        if not release.is_served:
            break
        model = by_id(connection, release.model_id)
        holder = Name(namespace=model.namespace, name=model.name)
        if not isinstance(look_up.readable_model(connection, asked, holder), Refusal):
            return True
    return False
