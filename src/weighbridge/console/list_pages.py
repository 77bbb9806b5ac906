"""The three lists: artifacts, endpoints, findings. A query that cannot be read is explained above an empty list."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import Parameter
from sqlalchemy import Connection

from weighbridge.console.list_view import ListView, View, view_of
from weighbridge.console.page import page
from weighbridge.fleet import list_routes, listed_artifacts, listed_endpoints, listed_findings, saved_views
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_columns import chosen
from weighbridge.fleet.list_routes import Part
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import Permission, Scope, Viewer
from weighbridge.fleet.saved_views import SavedView
from weighbridge.fleet.server import Server
from weighbridge.fleet.triage_all import MOST_MATCHED
from weighbridge.model.errors import WeighbridgeError

ARTIFACT_VIEWS = (
    View("All", ""),
    View("Denied or to decide", "verdict:>=pending"),
    View("Could do harm", "assessment:>=hostile"),
    View("Not for commercial use", "commercial:prohibited"),
    View("New this week", "first:<7d"),
    View("Ran this week", "ran:<7d"),
)
ENDPOINT_VIEWS = (
    View("All", ""),
    View("Silent for a week", "seen:>7d"),
    View("High findings", "severity:>=high"),
    View("Rewritten or copied", "state:cloned_or_rewritten"),
    View("Wait for approval", "state:pending"),
)
TO_DECIDE = "open:yes state:new"
FINDING_VIEWS = (
    View("To decide", TO_DECIDE),
    View("Somebody is at it", "open:yes state:acknowledged"),
    View("High and open", "open:yes severity:>=high"),
    View("New this week", "open:yes first:<7d"),
    View("Accepted", "open:yes state:accepted"),
    View("Found by the server", "source:server"),
    View("All", ""),
)
_Ask = Callable[[Connection, Scope, Asked, datetime], Any]
_READ: dict[str, Any] = {"opt": needs(Permission.FLEET_READ), "include_in_schema": False}


@get("/artifacts", dependencies=page_asks(), **_READ)
async def show_artifacts(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Response[str]:
    """Show artifacts."""
    return await listed(
        request, server, viewer, "artifacts", asked, list_routes.artifacts, listed_artifacts.EXAMPLE, ARTIFACT_VIEWS
    )


@get("/endpoints", dependencies=page_asks(), **_READ)
async def show_endpoints(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Response[str]:
    """Show endpoints."""
    return await listed(
        request, server, viewer, "endpoints", asked, list_routes.endpoints, listed_endpoints.EXAMPLE, ENDPOINT_VIEWS
    )


@get("/findings", dependencies=page_asks(TO_DECIDE), **_READ)
async def show_findings(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
    changed: Annotated[int, Parameter(ge=0, le=MOST_MATCHED)] = 0,
    undo: Annotated[str, Parameter(max_length=64)] = "",
) -> Response[str]:
    """Show findings; those that hold and that nobody decided about, unless asked otherwise."""
    example = listed_findings.EXAMPLE
    return await listed(
        request,
        server,
        viewer,
        "findings",
        asked,
        list_routes.findings,
        example,
        FINDING_VIEWS,
        undo=undo,
        changed=changed,
        may_decide=viewer.may(Permission.FINDINGS_TRIAGE),
        may_accept=viewer.may(Permission.REQUESTS_DECIDE),
    )


async def listed(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    what: str,
    asked: Asked,
    ask: _Ask,
    example: str,
    views: tuple[View, ...],
    *,
    word: str = "",
    path: str = "",
    here: str = "",
    **more: Any,  # noqa: ANN401  (whatever the template asks for)
) -> Response[str]:
    """Return the page of a list.

    Args:
        request: what asked for it.
        server: whose page it is.
        viewer: who reads it.
        what: name of its template.
        asked: what the address says.
        ask: returns the piece.
        example: a query to show in the empty field.
        views: queries with names.
        word: what a row is; the name in the singular if empty.
        path: of the page, and of its twin below /api/v1; the name if empty.
        here: the path in the navigation that it belongs to; its own if empty.
        more: what the template asks for.
    """
    has_own = what in saved_views.LISTS and not path
    word, path = word or what.removesuffix("s"), path or f"/{what}"
    status, rows = 200, []
    found: Any = None
    try:
        moment = list_routes.now(server)
        if has_own:
            chosen(what, asked.columns)

        def read(connection: Connection) -> tuple[Part, list[SavedView]]:
            kept = saved_views.views(connection, viewer, what) if has_own else []
            return ask(connection, viewer.scope, asked, moment), kept

        found, saved = await server.store.read(read)
        views = (*views, *map(view_of, saved))
        rows = found.rows
        view = ListView(
            asked,
            example,
            views,
            word,
            what=what,
            total=found.total,
            is_more=found.is_more,
            sort=found.sort,
            down=found.down,
            after=found.after,
            before=found.before,
        )
    except WeighbridgeError as error:
        if error.code != "E-query":
            raise
        status, view = 400, ListView(asked, example, views, word, what=what, problem=error)
    twin = f"/api/v1{path}?{request.url.query}" if request.url.query else f"/api/v1{path}"
    view.may_save = has_own and viewer.may(Permission.VIEWS_SAVE)
    values: dict[str, Any] = {"listing": view, "rows": rows, "found": found, **more}
    return page(request, server, viewer, f"{what}.html", here=here or path, twin=twin, status=status, **values)


ROUTES = [show_artifacts, show_endpoints, show_findings]
