"""A secret that all servers of one hub share, made by the one that needs it first: links are signed with it."""

import secrets

from sqlalchemy import Column, Connection, String, select

from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table

HUB_SECRETS = reference_table(
    "hub_secrets",
    Column("purpose", String(32), primary_key=True),
    Column("secret", String(64), nullable=False),
    integer("made_at", nullable=False),
)


def secret_for(connection: Connection, now: int, purpose: str) -> bytes:
    """Return the secret for a purpose, made now if nobody did so before; of two servers both get the first one's."""
    insert_missing(connection, HUB_SECRETS, [{"purpose": purpose, "secret": secrets.token_hex(32), "made_at": now}])
    stored = select(HUB_SECRETS.c.secret).where(HUB_SECRETS.c.purpose == purpose)
    return bytes.fromhex(connection.execute(stored).scalar_one())
