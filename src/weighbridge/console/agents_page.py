"""What acts by itself on the fleet's machines: a line an agent, one agent with its endpoints, and single things."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get

from weighbridge.console.form_calls import call
from weighbridge.console.list_pages import listed
from weighbridge.console.list_view import ListView, View
from weighbridge.console.page import page
from weighbridge.fleet import agent_routes, list_routes, listed_agent_things, listed_agents
from weighbridge.fleet.agent_facets import PROVIDER, SETTING, SKILL, TOOL_SERVER
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.listed_agents import Reached
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.query_syntax import Term, text_of
from weighbridge.model.errors import WeighbridgeError

VIEWS = (
    View("All", ""),
    View("Act alone", "alone:yes"),
    View("Hold credentials", "credentials:yes"),
    View("Work on code", "code:yes"),
    View("Reach outside", "outside:yes"),
    View("Alone, with credentials", "alone:yes credentials:yes"),
    View("New this week", "first:<7d"),
)
THING_VIEWS = (
    View("All", ""),
    View("New this week", "first:<7d"),
    View("Changed today", "last:<1d"),
    View("From MCP files", "path:*mcp*"),
)
_HEADINGS = (
    (SETTING, "Acts alone by", ""),
    (TOOL_SERVER, "Tool servers", "tool"),
    (SKILL, "Skills", "skill"),
    (PROVIDER, "Whose keys it holds", "provider"),
)
"""Kinds of what an agent reaches, with the field that asks for it."""
_READ: dict[str, Any] = {"opt": needs(Permission.FLEET_READ), "include_in_schema": False}


@get("/agents", dependencies=page_asks(), **_READ)
async def show_agents(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, asked: GivenAsked
) -> Response[str]:
    """Show a line for each agent: where it is, whose, and what it may do."""
    status, rows = 200, []
    try:
        rows = (await call(agent_routes.list_agents, server, viewer, asked.query)).rows
        view = ListView(asked, listed_agents.EXAMPLE, VIEWS, "agent", what="agents", total=len(rows))
    except WeighbridgeError as error:
        if error.code != "E-query":
            raise
        status, view = 400, ListView(asked, listed_agents.EXAMPLE, VIEWS, "agent", what="agents", problem=error)
    twin = f"/api/v1/agents?{request.url.query}" if request.url.query else "/api/v1/agents"
    return page(
        request, server, viewer, "agents.html", here="/agents", twin=twin, status=status, listing=view, rows=rows
    )


@get("/agents/things", dependencies=page_asks(), **_READ)
async def show_things(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, asked: GivenAsked
) -> Response[str]:
    """Show single agents, tool servers, skills, hooks and permissions."""
    return await listed(
        request,
        server,
        viewer,
        "agent_things",
        asked,
        agent_routes.things,
        listed_agent_things.EXAMPLE,
        THING_VIEWS,
        word="thing",
        path="/agents/things",
        here="/agents",
    )


@get("/agents/{agent:str}", dependencies=page_asks(), **_READ)
async def show_agent(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, agent: Id, asked: GivenAsked
) -> Response[str]:
    """Show one agent: what it reaches, and the endpoints that it is on."""
    moment = list_routes.now(server)
    return await listed(
        request,
        server,
        viewer,
        "agent",
        asked,
        lambda connection, scope, wanted, _: agent_routes.one_agent(connection, scope, agent, wanted, moment),
        listed_agents.EXAMPLE,
        VIEWS[:-1],
        word="endpoint",
        path=f"/agents/{agent}",
        here="/agents",
        title=listed_agents.title_of(agent),
        reaches=_reaches,
    )


def _reaches(reached: Sequence[Reached]) -> list[tuple[str, list[tuple[Reached, str]]]]:
    """Return what an agent reaches below headings, each with the query for the endpoints where it does."""
    found = []
    for kind, heading, field in _HEADINGS:
        of_kind = [one for one in reached if one.kind == kind]
        if of_kind:
            found.append((heading, [(one, _asks(field, one.name) if field else "") for one in of_kind]))
    return found


def _asks(field: str, value: str) -> str:
    return text_of(Term(field=field, value=value, exact=True))


ROUTES = [show_agents, show_things, show_agent]
