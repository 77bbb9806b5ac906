"""Tickets: which finding is which issue of which tracker, so that both sides name the other."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, Text, delete, select

from weighbridge.fleet.inventory import SUBJECT_LENGTH
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.visible import visible

TICKETS = endpoint_table(
    "export_tickets",
    Column("finding_id", String(SUBJECT_LENGTH), primary_key=True),
    Column("target_id", String(16), primary_key=True),
    Column("ticket", String(64), nullable=False),
    Column("url", Text, nullable=False),
    integer("at", nullable=False),
    Index(None, "target_id", "at"),
)


class Ticket(NamedTuple):
    """One finding's issue."""

    endpoint_id: str
    finding_id: str
    ticket: str
    """As the tracker calls it, `SEC-12`."""
    url: str


def keep(connection: Connection, target_id: str, found: Sequence[Ticket], now: int) -> None:
    """Write which findings are which issues."""
    rows = {(one.endpoint_id, one.finding_id): one._asdict() | {"target_id": target_id, "at": now} for one in found}
    upsert(connection, TICKETS, [*rows.values()])


def known(connection: Connection, target_id: str, endpoint_ids: Collection[str]) -> dict[tuple[str, str], str]:
    """Return the issues of a target by endpoint and finding, for some endpoints."""
    columns = (TICKETS.c.endpoint_id, TICKETS.c.finding_id, TICKETS.c.ticket)
    wanted = select(*columns).where(TICKETS.c.target_id == target_id, TICKETS.c.endpoint_id.in_(sorted(endpoint_ids)))
    return {(row.endpoint_id, row.finding_id): row.ticket for row in connection.execute(wanted)}


def of_target(connection: Connection, target_id: str, limit: int = 200) -> list[Ticket]:
    """Return the issues of a target, the latest first."""
    columns = [TICKETS.c[name] for name in Ticket._fields]
    wanted = select(*columns).where(TICKETS.c.target_id == target_id)
    rows = connection.execute(wanted.order_by(TICKETS.c.at.desc(), TICKETS.c.ticket).limit(limit))
    return [Ticket(*row) for row in rows]


def of_endpoint(connection: Connection, scope: Scope, endpoint_id: str) -> list[Ticket]:
    """Return the issues of an endpoint's findings, as far as a viewer may see them."""
    columns = [TICKETS.c[name] for name in Ticket._fields]
    wanted = select(*columns).where(TICKETS.c.endpoint_id == endpoint_id, visible(TICKETS, scope))
    return [Ticket(*row) for row in connection.execute(wanted.order_by(TICKETS.c.ticket).limit(1_000))]


def forget(connection: Connection, target_id: str) -> None:
    """Remove what is known of a target's issues."""
    connection.execute(delete(TICKETS).where(TICKETS.c.target_id == target_id))
