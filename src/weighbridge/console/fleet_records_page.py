"""The records of the whole fleet: as far as one look reaches, and how to look further."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from sqlalchemy import Connection

from weighbridge.console.ledger_page import PROOFS
from weighbridge.console.list_view import ListView, View, view_of
from weighbridge.console.page import page
from weighbridge.fleet import record_routes, saved_views
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_columns import chosen
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.listed_records import EXAMPLE
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.record_routes import FleetRecords
from weighbridge.fleet.saved_views import SavedView
from weighbridge.model.errors import WeighbridgeError

VIEWS = (
    View("Newest", ""),
    View("Agents at work", "kind:process actor:agent"),
    View("Verdicts", "kind:verdict"),
    View("Gaps and clocks", "kind:(gap OR clock-step)"),
    View("Offline", "network:offline"),
)
LIMIT = 50


@get("/records", opt=needs(Permission.RECORDS_READ), include_in_schema=False, dependencies=page_asks())
async def show_fleet_records(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, asked: GivenAsked
) -> Response[Any]:
    """Show records of all endpoints."""
    moment, q, after = now(server), asked.query, asked.after
    values: dict[str, Any] = {"rows": [], "back_to": None, "after": ""}
    status = 200
    try:
        chosen("records", asked.columns)

        def read(connection: Connection) -> tuple[FleetRecords, list[SavedView]]:
            found = record_routes.records(connection, viewer.scope, q, moment, after=after, limit=LIMIT)
            return found, saved_views.views(connection, viewer, "records")

        found, saved = await server.store.read(read)
        view = ListView(asked, EXAMPLE, (*VIEWS, *map(view_of, saved)), "record", what="fleet_records")
        values = {"rows": found.rows, "back_to": found.back_to, "after": ""}
        if found.after:
            parts = {"q": q, "columns": ",".join(asked.columns), "after": found.after}
            values["after"] = urlencode({name: one for name, one in parts.items() if one})
        view.counted = "" if found.after or after else view.count(len(found.rows))
    except WeighbridgeError as error:
        if error.code != "E-query":
            raise
        status, view = 400, ListView(asked, EXAMPLE, VIEWS, "record", what="fleet_records", problem=error)
    view.may_save = viewer.may(Permission.VIEWS_SAVE)
    twin = f"/api/v1/records?{request.url.query}" if request.url.query else "/api/v1/records"
    return page(
        request,
        server,
        viewer,
        "fleet_records.html",
        here="/records",
        twin=twin,
        status=status,
        listing=view,
        proofs=PROOFS,
        **values,
    )


ROUTES = [show_fleet_records]
