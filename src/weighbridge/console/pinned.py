"""The views that somebody pinned, for the navigation of every page."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from weighbridge.fleet import saved_views
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import wants_page
from weighbridge.fleet.saved_views import Pin
from weighbridge.fleet.server import Server

_KEY = "weighbridge.pins"


async def find_pins(request: "Request[Any, Any, Any]") -> None:
    """Look up what the reader of a page pinned, once, before the page is made."""
    viewer: Viewer | None = request.scope.get("user")
    if viewer is None or viewer.session_id is None or not wants_page(request):
        return
    if viewer.may(Permission.FLEET_READ):
        server: Server = request.app.state.server
        request.scope[_KEY] = await server.store.read(lambda connection: saved_views.pins(connection, viewer))  # type: ignore[literal-required]


def pinned(request: "Request[Any, Any, Any]") -> Sequence[Pin]:
    """Return what `find_pins` found."""
    found: Sequence[Pin] = request.scope.get(_KEY, ())  # type: ignore[assignment]
    return found
