"""The list of single things of agents: tool servers, skills, hooks, permissions, and the agents themselves."""

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, literal_column, select

from weighbridge.fleet.agent_facets import acts_alone
from weighbridge.fleet.agents import fields
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.untrusted import texts, word
from weighbridge.fleet.visible import visible

EXAMPLE = "name:github group:research first:<7d"
FIELDS = {
    "name": Field(kind=FieldKind.KEYWORD, about="what it is called"),
    "endpoint": Field(kind=FieldKind.KEYWORD, about="host name of the endpoint that it is on"),
    "id": Field(kind=FieldKind.KEYWORD, about="id of the endpoint that it is on"),
    "owner": Field(kind=FieldKind.KEYWORD, about="the person whose endpoint it is"),
    "group": Field(kind=FieldKind.KEYWORD, about="the group of the endpoint"),
    "path": Field(kind=FieldKind.KEYWORD, about="where it is set up"),
    "first": Field(kind=FieldKind.TIME, about="when it was first there"),
    "last": Field(kind=FieldKind.TIME, about="when it last changed"),
}
_MOST = 20
_AGENT: ColumnElement[str] = literal_column("'agent'")
"""As it stands in the index: a bound value could be any kind."""


class AgentThing(Struct, frozen=True, kw_only=True):
    """One agent, or one thing that belongs to agents. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    endpoint_name: str
    subject: str
    what: str
    """`agent`, `tool server`, `skill`, `hook`, `permission`, `instructions`."""
    name: str
    path: str
    agents: list[str]
    """The agents that read it."""
    says: str
    """Its version, the command that it starts, its address or its value."""
    acts_alone: bool
    """Whether it runs tools, or all of them, without asking a person."""
    approved: list[str]
    """Tools that run without asking; `*` for all."""
    first_at: int
    last_at: int


def listing(scope: Scope) -> Listing:
    """Return what is there now on the endpoints that a viewer may see."""
    names = ("endpoint_id", "subject", "name", "path", "first_at", "last_at", "data")
    rows = (
        select(*(THINGS.c[name] for name in names), ENDPOINTS.c.name.label("endpoint_name"))
        .join_from(THINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == THINGS.c.endpoint_id)
        .where(THINGS.c.kind == _AGENT, THINGS.c.ended_at.is_(None), visible(THINGS, scope))
    )
    return Listing(
        rows=rows,
        searched=Searched(
            fields=FIELDS,
            columns={
                "name": THINGS.c.name,
                "endpoint": ENDPOINTS.c.name,
                "id": THINGS.c.endpoint_id,
                "owner": ENDPOINTS.c.owner,
                "group": ENDPOINTS.c.group_name,
                "path": THINGS.c.path,
                "first": THINGS.c.first_at,
                "last": THINGS.c.last_at,
            },
            within={},
            words=(THINGS.c.name, THINGS.c.path, ENDPOINTS.c.name),
        ),
        sorts={
            "name": THINGS.c.name,
            "endpoint": ENDPOINTS.c.name,
            "first": THINGS.c.first_at,
            "last": THINGS.c.last_at,
        },
        key=(THINGS.c.endpoint_id, THINGS.c.subject),
    )


def agent_thing(row: Row[tuple[object, ...]]) -> AgentThing:
    """Return a row of the list with what its record says. The record came from an endpoint, so nothing is believed."""
    data = fields(row.data)
    approved = texts(data.get("approved_tools"))[:_MOST]
    command = " ".join(texts(data.get("command"))[:_MOST])
    return AgentThing(
        endpoint_id=row.endpoint_id,
        endpoint_name=row.endpoint_name,
        subject=row.subject,
        what=word(data, "what", 40) or "",
        name=row.name,
        path=row.path,
        agents=texts(data.get("agents"))[:_MOST],
        says=word(data, "version")
        or command
        or word(data, "url")
        or word(data, "command")
        or word(data, "value")
        or "",
        acts_alone=acts_alone(data),
        approved=approved,
        first_at=row.first_at,
        last_at=row.last_at,
    )
