"""What acts by itself on the fleet's machines, under /api/v1: a line an agent, one agent, single things of agents."""

from datetime import datetime

from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import listed_agent_things, listed_agents
from weighbridge.fleet.asking import GivenAsked, Query
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import Part, now, part
from weighbridge.fleet.listed_agent_things import AgentThing
from weighbridge.fleet.listed_agents import AgentOnEndpoint, AgentSummary, Reached
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.problem import not_found


class Agents(Struct, kw_only=True):
    """A line for each agent, that on the most endpoints first; at most `listed_agents.MOST_AGENTS`."""

    rows: list[AgentSummary]


class AgentPage(Part, kw_only=True):
    """One agent, what it reaches, and the endpoints that it is on. Times are milliseconds since 1970, UTC."""

    summary: AgentSummary
    """Over all endpoints that the viewer may see, like the next."""
    reached: list[Reached]
    rows: list[AgentOnEndpoint]
    """What the query finds."""


class AgentsOnEndpoints(Part, kw_only=True):
    """Agents on endpoints. Times are milliseconds since 1970, UTC."""

    rows: list[AgentOnEndpoint]


class AgentThings(Part, kw_only=True):
    """Agents and what belongs to them. Times are milliseconds since 1970, UTC."""

    rows: list[AgentThing]


@get("/api/v1/agents", opt=needs(Permission.FLEET_READ))
async def list_agents(server: GivenServer, viewer: GivenViewer, q: Query = "") -> Agents:
    """List agents: on how many endpoints each is, whose, and on how many it acts alone, holds keys, reaches out."""
    return await server.store.read(lambda connection: agents(connection, viewer.scope, q, now(server)))


@get("/api/v1/agents/things", opt=needs(Permission.FLEET_READ))
async def list_things(server: GivenServer, viewer: GivenViewer, asked: GivenAsked) -> AgentThings:
    """List single agents, tool servers, skills, hooks and permissions, and which of them act without asking."""
    return await server.store.read(lambda connection: things(connection, viewer.scope, asked, now(server)))


@get("/api/v1/agents/{agent:str}", opt=needs(Permission.FLEET_READ))
async def show_agent(server: GivenServer, viewer: GivenViewer, agent: Id, asked: GivenAsked) -> AgentPage:
    """Tell of one agent which endpoints it is on, what it reaches, and where it acts alone."""
    moment = now(server)
    return await server.store.read(lambda connection: one_agent(connection, viewer.scope, agent, asked, moment))


def agents(connection: Connection, scope: Scope, query: str, moment: datetime) -> Agents:
    """Return a line for each agent. Raises WeighbridgeError E-query."""
    return Agents(rows=listed_agents.summaries(connection, scope, query, moment))


def one_agent(connection: Connection, scope: Scope, agent: str, asked: Asked, moment: datetime) -> AgentPage:
    """Return one agent with a piece of its endpoints.

    Raises RefusedError: no endpoint within the scope has it; WeighbridgeError E-query.
    """
    lines = listed_agents.summaries(connection, scope, "", moment, agent) if agent else []
    if not lines:
        raise not_found("agent")
    found = piece(connection, listed_agents.listing(scope, agent), asked, moment)
    return AgentPage(
        summary=lines[0],
        reached=listed_agents.reached(connection, scope, agent),
        rows=[listed_agents.on_endpoint(row) for row in found.rows],
        **part(found),
    )


def on_endpoints(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> AgentsOnEndpoints:
    """Return a piece of the list of agents on endpoints. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_agents.listing(scope), asked, moment)
    return AgentsOnEndpoints(rows=[listed_agents.on_endpoint(row) for row in found.rows], **part(found))


def things(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> AgentThings:
    """Return a piece of the list of single things. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_agent_things.listing(scope), asked, moment)
    return AgentThings(rows=[listed_agent_things.agent_thing(row) for row in found.rows], **part(found))


ROUTES = [list_agents, list_things, show_agent]
