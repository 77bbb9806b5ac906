"""Who did what in this server: one entry for every change that a person or a program makes, written with the change.

An entry is never changed. Its id begins with the time, so that entries lie in the order in which they were made.
"""

import secrets
from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

import msgspec
from sqlalchemy import Column, Connection, Index, String, Text, delete, insert, select

from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.tables import integer, reference_table

_LONGEST_DETAIL = 8_000
_COUNTER = count()
"""Keeps what one process writes within a millisecond in order."""

ENTRIES = reference_table(
    "audit_entries",
    Column("entry_id", String(28), primary_key=True),
    integer("at", nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("account_name", String(128), nullable=False),
    Column("token_id", String(16), nullable=True),
    Column("action", String(64), nullable=False),
    Column("subject", String(256), nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "subject"),
)


class Entry(NamedTuple):
    """One thing that was done."""

    entry_id: str
    at: int
    """Milliseconds since 1970, UTC."""
    account_id: str
    """Empty for the server itself and for whoever has its machine."""
    account_name: str
    token_id: str | None
    action: str
    """What, as `account.disable`."""
    subject: str
    """To what: an id."""
    detail: str
    """A JSON object of what was chosen; never a secret."""


def note(
    connection: Connection,
    now: int,
    who: Viewer | None,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write an entry, within the write of what it tells of. `who`: None for the machine's own command line."""
    text = msgspec.json.encode(detail or {}).decode()
    if len(text) > _LONGEST_DETAIL:
        text = msgspec.json.encode({"left out": f"{len(text)} characters"}).decode()
    entry = Entry(
        entry_id=f"{max(now, 0):012x}{next(_COUNTER) & 0xFFFFFF:06x}{secrets.token_hex(5)}",
        at=now,
        account_id=who.account_id if who else "",
        account_name=who.name if who else "",
        token_id=who.token_id if who else None,
        action=action,
        subject=subject[:256],
        detail=text,
    )
    connection.execute(insert(ENTRIES).values(entry._asdict()))


def newest(connection: Connection, most: int, before: str | None = None) -> list[Entry]:
    """Return entries, the newest first: at most so many, older than the one called `before`."""
    wanted = select(ENTRIES).order_by(ENTRIES.c.entry_id.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(ENTRIES.c.entry_id < before)
    return [Entry(*row) for row in connection.execute(wanted)]


def last_about(connection: Connection, subject: str, since: int) -> Entry | None:
    """Return the last entry about something that was made after a time; None if there is none."""
    wanted = select(ENTRIES).where(ENTRIES.c.subject == subject, ENTRIES.c.at > since)
    row = connection.execute(wanted.order_by(ENTRIES.c.entry_id.desc()).limit(1)).first()
    return None if row is None else Entry(*row)


def prune(connection: Connection, before: int, limit: int) -> int:
    """Remove entries from before a time, the oldest first; return how many.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    # An entry's id begins with its time.
    oldest = (
        select(ENTRIES.c.entry_id).where(ENTRIES.c.entry_id < f"{max(before, 0):012x}").order_by(ENTRIES.c.entry_id)
    )
    found = connection.execute(oldest.limit(limit)).scalars().all()
    if found:
        connection.execute(delete(ENTRIES).where(ENTRIES.c.entry_id <= found[-1]))
    return len(found)
