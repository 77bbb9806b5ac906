"""What was used and must not be used again, in the database: of several servers only one takes it.

Only hashes are kept, and only for as long as what they stand for would be taken.
"""

import hashlib

from sqlalchemy import Column, Connection, Index, String, delete

from weighbridge.fleet.statements import insert_or
from weighbridge.fleet.tables import integer, reference_table

USED_ONCE = reference_table(
    "hub_used_once",
    Column("hash", String(64), primary_key=True),
    integer("until", nullable=False),
    Index(None, "until"),
)


def take(connection: Connection, now: int, what: str, until: int) -> bool:
    """Take note of a use, within a write; return False if it was used before.

    Args:
        connection: within a write.
        now: milliseconds since 1970, UTC.
        what: is used: a purpose, and what tells this one from all others.
        until: when it would not be taken any more, anyway; milliseconds since 1970.
    """
    connection.execute(delete(USED_ONCE).where(USED_ONCE.c.until <= now))
    row = {"hash": hashlib.sha256(what.encode()).hexdigest(), "until": until}
    # One statement decides: of two servers that are asked at once, one inserts.
    taken = insert_or(connection, USED_ONCE).values(row).on_conflict_do_nothing()
    return connection.execute(taken.execution_options(preserve_rowcount=True)).rowcount == 1
