"""Which life of the database this is. A database that was put back from a backup begins a new one.

Endpoints compare the epoch with the one that they know: where it is another, what they were told was stored may be
gone, so they ask from where on to send again.
"""

import secrets

from sqlalchemy import Column, Connection, String, Text, insert, select

from weighbridge.fleet.tables import integer, reference_table

EPOCHS = reference_table(
    "epochs",
    Column("epoch", String(32), primary_key=True),
    integer("began_at", nullable=False),
    Column("reason", Text, nullable=False),
)


def begin(connection: Connection, now: int, reason: str) -> str:
    """Begin a new epoch and return its id.

    Args:
        connection: within a write.
        now: milliseconds since 1970, UTC.
        reason: why, for people.
    """
    last = connection.execute(select(EPOCHS.c.began_at).order_by(EPOCHS.c.began_at.desc()).limit(1)).scalar()
    epoch = secrets.token_hex(16)
    # A clock that was set back must not make an older epoch the current one.
    began_at = now if last is None else max(now, last + 1)
    connection.execute(insert(EPOCHS).values(epoch=epoch, began_at=began_at, reason=reason))
    return epoch


def current(connection: Connection) -> str | None:
    """Return the id of this epoch; None in a database that nobody served yet."""
    return connection.execute(select(EPOCHS.c.epoch).order_by(EPOCHS.c.began_at.desc()).limit(1)).scalar()
