"""The list of agents on endpoints, and the same rows as one line an agent: where it is, whose, what it may reach."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, case, exists, func, select

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
from weighbridge.fleet.visible import visible

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
    wanted = [_there(scope), where(parse(query), _SEARCHED, now)]
    if agent:
        wanted.append(AGENTS.c.agent == agent)
    numbers = [func.sum(case((AGENTS.c[name] > 0, 1), else_=0)).label(name) for name in _COUNTED]
    numbers += [func.sum(AGENTS.c[name]).label(name) for name in _SUMMED]
    times = (func.min(AGENTS.c.first_at).label("first_at"), func.max(AGENTS.c.last_at).label("last_at"))
    counted = func.count().label("endpoints")
    lines = connection.execute(
        select(AGENTS.c.agent, counted, *numbers, *times)
        .where(*wanted)
        .group_by(AGENTS.c.agent)
        .order_by(counted.desc(), AGENTS.c.agent)
        .limit(MOST_AGENTS)
    ).all()
    versions: dict[str, list[str]] = {}
    found = connection.execute(
        select(AGENTS.c.agent, AGENTS.c.version, counted)
        .where(*wanted, AGENTS.c.version != "")
        .group_by(AGENTS.c.agent, AGENTS.c.version)
        .order_by(counted.desc(), AGENTS.c.version.desc())
        .limit(_MOST_VERSIONS)
    )
    for row in found:
        versions.setdefault(row.agent, []).append(row.version)
    return [
        AgentSummary(
            agent=row.agent,
            title=title_of(row.agent),
            versions=versions.get(row.agent, [])[:_SHOWN],
            other_versions=max(0, len(versions.get(row.agent, [])) - _SHOWN),
            people=_people(connection, wanted, row.agent),
            endpoints=row.endpoints,
            first_at=row.first_at,
            last_at=row.last_at,
            **{name: int(getattr(row, name)) for name in (*_COUNTED, *_SUMMED)},
        )
        for row in lines
    ]


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


def _people(connection: Connection, wanted: Iterable[ColumnElement[bool]], agent: str) -> list[str]:
    """Return some whose endpoints an agent is on, from the first endpoints: nobody needs all of them in a line."""
    some = select(AGENTS.c.endpoint_id).where(*wanted, AGENTS.c.agent == agent).limit(10 * _SHOWN).subquery()
    query = (
        select(ENDPOINTS.c.owner)
        .join(some, some.c.endpoint_id == ENDPOINTS.c.endpoint_id)
        .where(ENDPOINTS.c.owner != "")
        .distinct()
        .order_by(ENDPOINTS.c.owner)
        .limit(_SHOWN)
    )
    return list(connection.execute(query).scalars())


def _there(scope: Scope) -> ColumnElement[bool]:
    return (AGENTS.c.agent != "") & visible(AGENTS, scope)


def _of_endpoint(found: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ENDPOINTS.c.endpoint_id == AGENTS.c.endpoint_id, found).correlate(AGENTS)


def _reaches(kind: str) -> Predicate:
    def reaches(found: ColumnElement[bool]) -> ColumnElement[bool]:
        same = (REACHED.c.endpoint_id == AGENTS.c.endpoint_id, REACHED.c.agent == AGENTS.c.agent)
        return exists().where(*same, REACHED.c.kind == kind, found).correlate(AGENTS)

    return reaches


def _of_label(found: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(LABELS.c.endpoint_id == AGENTS.c.endpoint_id, found).correlate(AGENTS)


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
