"""What acts by itself on the fleet's machines, under /api/v1."""

from datetime import datetime

from litestar import get
from sqlalchemy import Connection

from weighbridge.fleet import listed_agents
from weighbridge.fleet.asking import GivenAsked
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import Part, now, part
from weighbridge.fleet.listed_agents import AgentThing
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import Permission, Scope


class Agents(Part, kw_only=True):
    """Agents and what belongs to them. Times are milliseconds since 1970, UTC."""

    rows: list[AgentThing]


@get("/api/v1/agents", opt=needs(Permission.FLEET_READ))
async def list_agents(
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Agents:
    """List agents, tool servers, skills, hooks and permissions, and which of them act without asking."""
    return await server.store.read(lambda connection: agents(connection, viewer.scope, asked, now(server)))


def agents(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Agents:
    """Return a piece of the list. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_agents.listing(scope), asked, moment)
    return Agents(rows=[listed_agents.agent_thing(row) for row in found.rows], **part(found))


ROUTES = [list_agents]
