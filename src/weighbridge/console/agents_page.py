"""What acts by itself on the fleet's machines."""

from litestar import Response, get

from weighbridge.console.list_pages import listed
from weighbridge.console.list_view import View
from weighbridge.fleet import agent_routes, listed_agents
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission

VIEWS = (
    View("All", ""),
    View("New this week", "first:<7d"),
    View("Changed today", "last:<1d"),
    View("From MCP files", "path:*mcp*"),
)


@get("/agents", opt=needs(Permission.FLEET_READ), include_in_schema=False, dependencies=page_asks())
async def show_agents(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Response[str]:
    """Show agents, tool servers, skills, hooks and permissions."""
    example = listed_agents.EXAMPLE
    return await listed(request, server, viewer, "agents", asked, agent_routes.agents, example, VIEWS, word="thing")


ROUTES = [show_agents]
