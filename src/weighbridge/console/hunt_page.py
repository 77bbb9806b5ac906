"""Hunting: many digests at once out of pasted text, or a query that leads to its list."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.form_calls import refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import hunt_routes
from weighbridge.fleet.asking import Query
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.given_digests import LONGEST, MOST
from weighbridge.fleet.guard import needs
from weighbridge.fleet.hunt_routes import Catch
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.query_help_routes import LISTS, RECORDS
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

PLACES = 25
"""Endpoints of each digest on the page."""
_SHOWN = 600
"""Places on the page; the JSON and the command line have all."""
_READ: dict[str, Any] = {"opt": needs(Permission.FLEET_READ), "include_in_schema": False}


@get("/hunt", **_READ)
async def show_hunt(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    q: Query = "",
    where: Annotated[str, Parameter(max_length=40)] = "",
) -> Response[Any]:
    """Show the two forms; a query goes on to the list that it is for."""
    if where in LISTS:
        return see_other(f"/{where}?" + urlencode({"q": q}))
    return _page(request, server, viewer)


@post("/hunt", status_code=200, **_READ)
async def do_hunt(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Show where digests are and ever were. Changes nothing; it is sent as a form because text can be long."""
    text = str((await request.form()).get("digests") or "")
    try:
        found = await server.store.read(lambda connection: hunt_routes.catch(connection, viewer.scope, text, PLACES))
    except WeighbridgeError as error:
        if error.code != "E-query":
            raise
        return _page(request, server, viewer, text=text[:LONGEST], notice=refusal(error), status=400)
    return _page(request, server, viewer, text=text[:LONGEST], catch=found)


def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    *,
    text: str = "",
    catch: Catch | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    rows = catch.rows if catch else []
    if catch is not None and sum(len(row.whereabouts) for row in rows) > _SHOWN:
        each = max(1, _SHOWN // len(rows))
        for row in rows:
            row.whereabouts[each:] = []
        notice = Notice("warning", f"Of each digest {each} endpoints are shown; the command line lists all of them.")
    return page(
        request,
        server,
        viewer,
        "hunt.html",
        here="/hunt",
        twin="/api/v1/hunt",
        notice=notice,
        status=status,
        text=text,
        catch=catch,
        asked=len({row.asked for row in rows}),
        known=len({row.asked for row in rows if row.sha256}),
        lists=[one for one in LISTS if one != RECORDS or viewer.may(Permission.RECORDS_READ)],
        example=LISTS["artifacts"][1],
        most=MOST,
        longest=LONGEST,
    )


ROUTES = [show_hunt, do_hunt]
