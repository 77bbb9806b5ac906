"""What files said when they were last applied, item by item: by this the server knows what was changed since.

One row for each item that a file manages; it goes when a file is applied that does not name it any more.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Connection, String, Text, delete, select

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table

APPLIED = reference_table(
    "config_applied",
    Column("section", String(32), primary_key=True),
    Column("item", String(255), primary_key=True),
    Column("body", Text, nullable=False),
    Column("source", String(255), nullable=False),
    integer("applied_at", nullable=False),
    Column("applied_by", String(128), nullable=False),
)
_AT_ONCE = 500


class Applied(NamedTuple):
    """One item as a file said it."""

    section: str
    item: str
    body: dict[str, Any]
    source: str
    """File and line."""
    applied_at: int
    """Milliseconds since 1970, UTC."""
    applied_by: str
    """Empty for whoever has the server's machine."""


def every(connection: Connection) -> list[Applied]:
    """Return everything that files manage, by section and item."""
    columns = [APPLIED.c[name] for name in Applied._fields]
    rows = connection.execute(select(*columns).order_by(APPLIED.c.section, APPLIED.c.item))
    return [Applied(*row)._replace(body=msgspec.json.decode(row.body)) for row in rows]


def is_managed(connection: Connection, section: str, item: str) -> bool:
    """Tell whether a file manages an item."""
    wanted = select(APPLIED.c.item).where(APPLIED.c.section == section, APPLIED.c.item == item)
    return connection.execute(wanted).first() is not None


def managed(connection: Connection) -> dict[str, set[str]]:
    """Return the items that files manage, by their sections."""
    found: dict[str, set[str]] = {}
    for section, item in connection.execute(select(APPLIED.c.section, APPLIED.c.item)):
        found.setdefault(section, set()).add(item)
    return found


def remember(connection: Connection, sections: Collection[str], items: Sequence[Applied]) -> None:
    """Write what files manage in some sections from now on, instead of what was there of these."""
    connection.execute(delete(APPLIED).where(APPLIED.c.section.in_(sorted(sections))))
    rows = [one._asdict() | {"body": msgspec.json.encode(one.body, order="sorted").decode()} for one in items]
    for at in range(0, len(rows), _AT_ONCE):
        upsert(connection, APPLIED, rows[at : at + _AT_ONCE])
