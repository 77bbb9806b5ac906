"""The list of agents on endpoints, and the same rows as one line an agent: where it is, whose, what it may reach."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, case, func, select, tuple_, union_all

from weighbridge.discover.compiled import compiled_agents
from weighbridge.fleet.agent_facets import PROVIDER, REACHES, SKILL, TOOL_SERVER
from weighbridge.fleet.agents import AGENTS, REACHED
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.labels import LABELS
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Predicate, Searched, where
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.visible import of_joined, visible

EXAMPLE = "alone:yes credentials:yes group:research"
FIELDS = {
    "agent": Field(kind=FieldKind.KEYWORD, about="its id, like claude_code"),
    "version": Field(kind=FieldKind.KEYWORD, about="its version"),
    "installed": Field(kind=FieldKind.BOOLEAN, about="a program or package was found, not only its configuration"),
    "alone": Field(kind=FieldKind.BOOLEAN, about="acts alone: it runs tools, or all of them, without asking"),
    "credentials": Field(kind=FieldKind.BOOLEAN, about="keys lie where it reads them"),
    "outside": Field(kind=FieldKind.BOOLEAN, about="uses a tool server beyond its own machine"),
    "code": Field(kind=FieldKind.BOOLEAN, about="works on code: it is set up inside a project folder"),
    "hooks": Field(kind=FieldKind.BOOLEAN, about="runs commands of its own at events"),
    "tool": Field(kind=FieldKind.KEYWORD, about="name of a tool server that it uses"),
    "skill": Field(kind=FieldKind.KEYWORD, about="name of a skill that it reads"),
    "provider": Field(kind=FieldKind.KEYWORD, about="whose keys it holds"),
    "endpoint": Field(kind=FieldKind.KEYWORD, about="host name of the endpoint"),
    "id": Field(kind=FieldKind.KEYWORD, about="id of the endpoint"),
    "owner": Field(kind=FieldKind.KEYWORD, about="the person whose endpoint it is"),
    "group": Field(kind=FieldKind.KEYWORD, about="the group of the endpoint"),
    "label": Field(kind=FieldKind.KEYWORD, about="a label of the endpoint, like site=berlin"),
    "first": Field(kind=FieldKind.TIME, about="when something of it was first there"),
    "last": Field(kind=FieldKind.TIME, about="when something of it last changed"),
}
MOST_AGENTS = 200
"""Agents that are told of, those on the most endpoints first."""
_MOST_VERSIONS = 2_000
_SHOWN = 3
"""Versions and people that a line names."""
_COUNTED = ("alone", "credentials", "outside", "repositories")
_SUMMED = ("tool_servers", "skills", "hooks")
_NUMBERS = ("endpoints", *_COUNTED, *_SUMMED, "first_at", "last_at")


class AgentOnEndpoint(Struct, frozen=True, kw_only=True):
    """One agent on one endpoint. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    endpoint_name: str
    owner: str
    agent: str
    version: str
    installed: bool
    """Whether a program or package was found; else it is only set up, or was once."""
    alone: bool
    """Whether it runs tools, or all of them, without asking a person."""
    outside: int
    """Tool servers beyond its own machine."""
    repositories: bool
    """Whether it is set up inside a project folder."""
    credentials: int
    """Keys that lie where it reads them."""
    tool_servers: int
    skills: int
    hooks: int
    first_at: int
    last_at: int


class AgentSummary(Struct, frozen=True, kw_only=True):
    """One agent over all endpoints that are asked about. Times are milliseconds since 1970, UTC."""

    agent: str
    title: str
    """As the catalog has it; the id, if the catalog does not know it."""
    endpoints: int
    alone: int
    """Endpoints on which it runs tools without asking; likewise the next three."""
    credentials: int
    outside: int
    repositories: int
    tool_servers: int
    """On all these endpoints together; likewise the next two."""
    skills: int
    hooks: int
    versions: list[str]
    """Those on the most endpoints."""
    other_versions: int
    people: list[str]
    """Some whose endpoints it is on."""
    first_at: int
    last_at: int


class Reached(Struct, frozen=True, kw_only=True):
    """Something that an agent reaches."""

    kind: str
    """One of `agent_facets.REACHES`."""
    name: str
    endpoints: int


def listing(scope: Scope, agent: str = "") -> Listing:
    """Return the agents on the endpoints that a viewer may see; only one of them, if it is named."""
    wanted = _there(scope) & (AGENTS.c.agent == agent) if agent else _there(scope)
    columns = [AGENTS.c[name] for name in AgentOnEndpoint.__struct_fields__ if name in AGENTS.c]
    rows = select(*columns, ENDPOINTS.c.name.label("endpoint_name"), ENDPOINTS.c.owner)
    return Listing(
        rows=rows.join_from(AGENTS, ENDPOINTS, ENDPOINTS.c.endpoint_id == AGENTS.c.endpoint_id).where(wanted),
        searched=_SEARCHED,
        sorts={"last": AGENTS.c.last_at, "agent": AGENTS.c.agent, "endpoint": ENDPOINTS.c.name},
        key=(AGENTS.c.endpoint_id, AGENTS.c.agent),
        newest_first=True,
    )


def on_endpoint(row: Row[tuple[object, ...]]) -> AgentOnEndpoint:
    """Return a row of the list."""
    values = {name: getattr(row, name) for name in AgentOnEndpoint.__struct_fields__}
    return AgentOnEndpoint(**values | {name: values[name] > 0 for name in ("installed", "alone", "repositories")})


def summaries(connection: Connection, scope: Scope, query: str, now: datetime, agent: str = "") -> list[AgentSummary]:
    """Return a line for each agent, over the rows that a query finds; only for one, if it is named.

    Raises WeighbridgeError E-query.
    """
    asked = where(parse(query), _SEARCHED, now)
    wanted = [_there(scope), asked]
    if agent:
        wanted.append(AGENTS.c.agent == agent)
    by_version = _counts(connection, wanted, AGENTS.c.agent, AGENTS.c.version, most=_MOST_VERSIONS + 1)
    versions: dict[str, list[str]] = {}
    for row in by_version:
        if row.version:
            versions.setdefault(row.agent, []).append(row.version)
    if len(by_version) <= _MOST_VERSIONS:
        totals = _folded(by_version)
    else:  # more versions than anybody released: agents are counted by themselves
        by_agent = _counts(connection, wanted, AGENTS.c.agent, most=MOST_AGENTS)
        totals = {row.agent: {name: int(getattr(row, name)) for name in _NUMBERS} for row in by_agent}
    lines = sorted(totals.items(), key=lambda one: (-one[1]["endpoints"], one[0]))[:MOST_AGENTS]
    people = _people(connection, scope, asked, [agent_id for agent_id, _ in lines])
    return [
        AgentSummary(
            agent=agent_id,
            title=title_of(agent_id),
            versions=versions.get(agent_id, [])[:_SHOWN],
            other_versions=max(0, len(versions.get(agent_id, [])) - _SHOWN),
            people=people.get(agent_id, []),
            **numbers,
        )
        for agent_id, numbers in lines
    ]


def _counts(
    connection: Connection, wanted: Sequence[ColumnElement[bool]], *by: ColumnElement[str], most: int
) -> list[Any]:
    """Return sums over the rows that are wanted, that on the most endpoints first."""
    counted = func.count().label("endpoints")
    numbers = [func.sum(case((AGENTS.c[name] > 0, 1), else_=0)).label(name) for name in _COUNTED]
    numbers += [func.sum(AGENTS.c[name]).label(name) for name in _SUMMED]
    times = (func.min(AGENTS.c.first_at).label("first_at"), func.max(AGENTS.c.last_at).label("last_at"))
    summed = select(*by, counted, *numbers, *times).where(*wanted).group_by(*by)
    ordered = summed.order_by(counted.desc(), *(one.desc() for one in by)).limit(most)
    found: Any = connection.execute(ordered).all()
    return list(found)


def _folded(rows: Sequence[Any]) -> dict[str, dict[str, int]]:
    """Return the sums of agents from those of their versions."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        said = {name: int(getattr(row, name)) for name in _NUMBERS}
        before = found.setdefault(row.agent, said)
        if before is not said:
            first, last = min(before["first_at"], said["first_at"]), max(before["last_at"], said["last_at"])
            for name in _NUMBERS:
                before[name] += said[name]
            before |= {"first_at": first, "last_at": last}
    return found


def reached(connection: Connection, scope: Scope, agent: str, most: int = 50) -> list[Reached]:
    """Return what an agent reaches, of each kind that on the most endpoints first."""
    counted = func.count().label("endpoints")
    found = []
    for kind in REACHES:
        rows = connection.execute(
            select(REACHED.c.name, counted)
            .where(REACHED.c.agent == agent, REACHED.c.kind == kind, visible(REACHED, scope))
            .group_by(REACHED.c.name)
            .order_by(counted.desc(), REACHED.c.name)
            .limit(most)
        )
        found += [Reached(kind=kind, name=row.name, endpoints=row.endpoints) for row in rows]
    return found


def title_of(agent: str) -> str:
    """Return the name of an agent as the catalog has it; the id, if the catalog does not know it."""
    known = compiled_agents()["agents"].get(agent)
    return str(known["title"]) if known else agent


def _people(
    connection: Connection, scope: Scope, asked: ColumnElement[bool], agents: Sequence[str]
) -> dict[str, list[str]]:
    """Return some whose endpoints agents are on, from a few endpoints of each: nobody needs all of them in a line."""
    if not agents:
        return {}
    same = ENDPOINTS.c.endpoint_id == AGENTS.c.endpoint_id
    few = [
        select(AGENTS.c.agent, ENDPOINTS.c.owner)
        .join_from(AGENTS, ENDPOINTS, same)
        .where(AGENTS.c.agent == agent, of_joined(scope), asked, ENDPOINTS.c.owner != "")
        .limit(10 * _SHOWN)
        .subquery()
        for agent in agents
    ]
    found: dict[str, list[str]] = {}
    for agent, owner in sorted({(one[0], one[1]) for one in connection.execute(union_all(*map(select, few)))}):
        found.setdefault(agent, []).append(owner)
    return {agent: owners[:_SHOWN] for agent, owners in found.items()}


def _there(scope: Scope) -> ColumnElement[bool]:
    return (AGENTS.c.agent != "") & visible(AGENTS, scope)


def _of_endpoint(found: ColumnElement[bool]) -> ColumnElement[bool]:
    return AGENTS.c.endpoint_id.in_(select(ENDPOINTS.c.endpoint_id).where(found).correlate(None))


def _of_label(found: ColumnElement[bool]) -> ColumnElement[bool]:
    return AGENTS.c.endpoint_id.in_(select(LABELS.c.endpoint_id).where(found).correlate(None))


def _reaches(kind: str) -> Predicate:
    def reaches(found: ColumnElement[bool]) -> ColumnElement[bool]:
        of_agent = select(REACHED.c.endpoint_id, REACHED.c.agent).where(REACHED.c.kind == kind, found)
        return tuple_(AGENTS.c.endpoint_id, AGENTS.c.agent).in_(of_agent.correlate(None))

    return reaches


_SEARCHED = Searched(
    fields=FIELDS,
    columns={
        "agent": AGENTS.c.agent,
        "version": AGENTS.c.version,
        "installed": AGENTS.c.installed > 0,
        "alone": AGENTS.c.alone > 0,
        "credentials": AGENTS.c.credentials > 0,
        "outside": AGENTS.c.outside > 0,
        "code": AGENTS.c.repositories > 0,
        "hooks": AGENTS.c.hooks > 0,
        "tool": REACHED.c.name,
        "skill": REACHED.c.name,
        "provider": REACHED.c.name,
        "endpoint": ENDPOINTS.c.name,
        "id": AGENTS.c.endpoint_id,
        "owner": ENDPOINTS.c.owner,
        "group": ENDPOINTS.c.group_name,
        "label": LABELS.c.label,
        "first": AGENTS.c.first_at,
        "last": AGENTS.c.last_at,
    },
    within={
        "tool": _reaches(TOOL_SERVER),
        "skill": _reaches(SKILL),
        "provider": _reaches(PROVIDER),
        "endpoint": _of_endpoint,
        "owner": _of_endpoint,
        "group": _of_endpoint,
        "label": _of_label,
    },
    words=(AGENTS.c.agent, AGENTS.c.version),
)
