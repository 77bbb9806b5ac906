"""Agents of endpoints: one row an agent and endpoint, and what each reaches, kept along with the inventory.

The inventory knows agents, their tool servers, skills, settings and keys as single things. What is asked of a fleet is
asked of agents: which act alone, hold credentials, reach out. Counting that over all things would read all of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Index, String, delete, insert, select

from weighbridge.fleet.agent_facets import AGENT_LENGTH, NAME_LENGTH, VERSION_LENGTH, AgentRecord, agents_of
from weighbridge.fleet.inventory import THINGS, Change
from weighbridge.fleet.tables import endpoint_table, integer

MOST_THINGS = 5_000
"""Things of one endpoint that are looked at."""
_KINDS = ("agent", "secret")
_COUNTS = ("installed", "alone", "outside", "repositories", "credentials", "tool_servers", "skills", "hooks")
_NO_AGENT = ""
"""In the place of an agent: this endpoint's things were never looked at."""

AGENTS = endpoint_table(
    "agents",
    Column("agent", String(AGENT_LENGTH), primary_key=True),
    Column("version", String(VERSION_LENGTH), nullable=False),
    *(integer(name, nullable=False) for name in _COUNTS),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    # All that the list of agents counts, so that it reads nothing else.
    Index("ix_agents_counted", "agent", "version", *_COUNTS, "first_at", "last_at"),
    Index(None, "last_at", "endpoint_id", "agent"),
)
REACHED = endpoint_table(
    "agent_reach",
    Column("agent", String(AGENT_LENGTH), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("name", String(NAME_LENGTH), primary_key=True),
    Index(None, "agent", "kind", "name"),
)


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> None:
    """Bring an endpoint's agents up to its inventory, after `inventory.take`, if these changes speak of any."""
    if any(change.kind in _KINDS for change in changes):
        renew(connection, endpoint_id)


def renew(connection: Connection, endpoint_id: str) -> None:
    """Write an endpoint's agents as its inventory has them now."""
    rows: dict[str, dict[str, Any]] = {}
    reached: set[tuple[str, str, str]] = set()
    for agent_id, agent in agents_of(_records(connection, endpoint_id)).items():
        counts = {name: getattr(agent, name) for name in (*_COUNTS, "version", "first_at", "last_at")}
        rows[agent_id] = {"endpoint_id": endpoint_id, "agent": agent_id, **counts}
        reached |= {(agent_id, kind, name) for kind, name in agent.names}
    known = connection.execute(select(AGENTS).where(AGENTS.c.endpoint_id == endpoint_id))
    if {row.agent: dict(row._mapping) for row in known} != rows:
        connection.execute(delete(AGENTS).where(AGENTS.c.endpoint_id == endpoint_id))
        if rows:
            connection.execute(insert(AGENTS), list(rows.values()))
    before = connection.execute(
        select(REACHED.c.agent, REACHED.c.kind, REACHED.c.name).where(REACHED.c.endpoint_id == endpoint_id)
    )
    if {tuple(row) for row in before} != reached:
        connection.execute(delete(REACHED).where(REACHED.c.endpoint_id == endpoint_id))
        if reached:
            keys = ("agent", "kind", "name")
            connection.execute(
                insert(REACHED),
                [{"endpoint_id": endpoint_id, **dict(zip(keys, one, strict=True))} for one in sorted(reached)],
            )


def catch_up(connection: Connection, most: int = 200) -> int:
    """Look at endpoints that reported before this table was there, within a write; return how many there were."""
    query = select(AGENTS.c.endpoint_id).where(AGENTS.c.agent == _NO_AGENT).limit(most)
    waiting = connection.execute(query).scalars().all()
    for endpoint_id in waiting:
        renew(connection, endpoint_id)
    return len(waiting)


def _records(connection: Connection, endpoint_id: str) -> list[AgentRecord]:
    query = (
        select(THINGS.c.kind, THINGS.c.name, THINGS.c.data, THINGS.c.first_at, THINGS.c.last_at)
        .where(THINGS.c.endpoint_id == endpoint_id, THINGS.c.kind.in_(_KINDS), THINGS.c.ended_at.is_(None))
        .order_by(THINGS.c.subject)
        .limit(MOST_THINGS)
    )
    rows = connection.execute(query)
    return [AgentRecord(row.kind, row.name, fields(row.data), row.first_at, row.last_at) for row in rows]


def fields(content: bytes) -> Mapping[str, object]:
    """Return what the record of a thing says; nothing if it is no object."""
    try:
        return msgspec.json.decode(content, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        return {}
