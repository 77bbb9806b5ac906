"""Saved views: what one saved and what others share; to save, rename, share, pin, remove and bring back."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import saved_views, view_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.fleet.view_routes import NewView, Pinned, ViewName
from weighbridge.model.errors import WeighbridgeError

_SAVES: dict[str, Any] = {"opt": needs(Permission.VIEWS_SAVE), "include_in_schema": False}


@get("/views", opt=needs(Permission.FLEET_READ), include_in_schema=False)
async def show_views(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    removed: Annotated[str, Parameter(max_length=64)] = "",
) -> Response[Any]:
    """Show views."""
    return await _views(request, server, viewer, removed=removed)


@post("/views", **_SAVES)
async def do_save(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Save the view that a list shows, and go back to it."""
    form = await fields(request)
    form.pop("form_token", None)
    try:
        made = await call(view_routes.save_view, server, viewer, checked(form, NewView))
    except WeighbridgeError as error:
        return await _views(request, server, viewer, notice=refusal(error), status=400)
    return see_other(saved_views.address(made))


@post("/views/{view_id:str}", **_SAVES)
async def do_change(request: WebRequest, server: GivenServer, viewer: GivenViewer, view_id: Id) -> Response[Any]:
    """Do to a view what the button says: rename, pin, unpin, remove or bring back."""
    form = await fields(request)
    does = form.get("do", "")
    try:
        if does == "rename":
            values = {"name": form.get("name", ""), "shared": form.get("shared", "") == "true"}
            await call(view_routes.rename_view, server, viewer, view_id, checked(values, ViewName))
        elif does in ("pin", "unpin"):
            await call(view_routes.pin_view, server, viewer, view_id, Pinned(pinned=does == "pin"))
        elif does == "remove":
            await call(view_routes.remove_view, server, viewer, view_id)
            return see_other("/views?" + urlencode({"removed": view_id}))
        elif does == "bring back":
            await call(view_routes.bring_view_back, server, viewer, view_id)
    except WeighbridgeError as error:
        return await _views(request, server, viewer, notice=refusal(error), status=getattr(error, "status", 400))
    return see_other("/views")


async def _views(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    *,
    removed: str = "",
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    found = await server.store.read(lambda connection: saved_views.views(connection, viewer))
    return page(
        request,
        server,
        viewer,
        "views.html",
        here="/views",
        twin="/api/v1/views",
        notice=notice,
        status=status,
        removed=removed,
        rows=[(one, saved_views.address(one)) for one in found],
        may_save=viewer.may(Permission.VIEWS_SAVE),
    )


ROUTES = [show_views, do_save, do_change]
