"""Assembles the application: the fleet's routes for programs, the console's pages, and what holds for all of them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.types import Scope

from weighbridge.console.error_page import error_page
from weighbridge.console.pinned import find_pins
from weighbridge.console.registry import PAGES
from weighbridge.console.render import CONTENT_POLICY
from weighbridge.console.report_file import report_file
from weighbridge.fleet.api import API
from weighbridge.fleet.authentication import Authentication, viewer_by
from weighbridge.fleet.forms import check_form
from weighbridge.fleet.gate import Gate
from weighbridge.fleet.given import GIVEN, WebRequest
from weighbridge.fleet.guard import guard, undeclared
from weighbridge.fleet.housekeeping import housekeeping
from weighbridge.fleet.openapi import openapi_route
from weighbridge.fleet.problem import problem_of, problem_response, wants_page
from weighbridge.fleet.server import Server
from weighbridge.hub.api import HUB_API
from weighbridge.hub.faces import Faces, takes_long
from weighbridge.hub.given import HUB_GIVEN
from weighbridge.hub.housekeeping import hub_housekeeping
from weighbridge.hub.hub import Hub
from weighbridge.hub.identify import viewer_by_hub_token
from weighbridge.hub.registry import ROUTES as FACES

LARGEST_BODY = 1 << 20
"""Bytes of a request to any route but those of endpoints, which bound their own."""


def routes() -> list[BaseRouteHandler]:
    """Return every route of the server."""
    programs = [*API, *HUB_API]
    return [*programs, openapi_route(programs, {**GIVEN, **HUB_GIVEN}), *PAGES]


def application(server: Server, hub: Hub, more: Sequence[BaseRouteHandler] = ()) -> Gate:
    """Return the whole server as an ASGI application.

    Args:
        server: what the routes share.
        hub: what the routes of models share.
        more: routes beside those of `routes()`.
    """
    return entrance(litestar(server, hub, more), server, hub)


def entrance(app: Litestar, server: Server, hub: Hub) -> Gate:
    """Return an application of `litestar` behind all that a request passes first."""
    server.other_token = partial(viewer_by_hub_token, hub)
    routed: Any = app  # the framework types its messages more narrowly than ASGI
    return Gate(Faces(routed, hub, FACES), server, CONTENT_POLICY, takes_long=takes_long)


def litestar(server: Server, hub: Hub, more: Sequence[BaseRouteHandler] = ()) -> Litestar:
    """Return the routes as an application, without the gate around it. Raises ValueError for an undeclared route."""
    app = Litestar(
        [*routes(), *more],
        after_exception=[_recognize],
        before_request=_prepare,
        debug=False,
        dependencies={**GIVEN, **HUB_GIVEN},
        exception_handlers={Exception: _explain},
        guards=[guard],
        lifespan=[
            lambda started: housekeeping(started.state.server),
            lambda started: hub_housekeeping(started.state.hub),
        ],
        logging_config=None,
        middleware=[Authentication],
        openapi_config=None,
        pdb_on_exception=False,
        request_max_body_size=LARGEST_BODY,
        state=State({"server": server, "hub": hub, "draw": report_file}),
    )
    if missing := undeclared(app):
        raise ValueError(f"no permission is declared for {', '.join(missing)}")
    return app


async def _recognize(error: Exception, scope: Scope) -> None:
    """Look up who asked for an address that there is not, so that its page has their navigation, too."""
    if isinstance(error, NotFoundException) and scope.get("user") is None:
        request: WebRequest = Request(scope)
        if wants_page(request):
            scope["user"] = await viewer_by(request.app.state.server, request)


async def _prepare(request: "Request[Any, Any, Any]") -> None:
    await check_form(request)
    await find_pins(request)


def _explain(request: WebRequest, error: Exception) -> Response[Any]:
    problem = problem_of(error)
    if problem.status >= 500 and problem.code == "E-internal":
        # The gate writes it to the log, with where it happened.
        raise error
    return error_page(request, problem) if wants_page(request) else problem_response(problem)
