"""Going somewhere by typing: the palette's destination, and a form for browsers without scripts."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import Parameter

from weighbridge.console.navigation import reachable
from weighbridge.console.page import page, see_other
from weighbridge.fleet import jump
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission


@get("/go", opt=needs(Permission.FLEET_READ), include_in_schema=False)
async def go(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    to: Annotated[str, Parameter(max_length=jump.LONGEST)] = "",
) -> Response[Any]:
    """Go to a page, saved view, digest or endpoint; else look for it among the artifacts."""
    wanted = to.strip().lower()
    if not wanted:
        return page(request, server, viewer, "go.html", here="/go", twin="/api/v1/fields", longest=jump.LONGEST)
    for link in (one for group in reachable(viewer) for one in group.links):
        if link.name.lower() == wanted:
            return see_other(link.path)
    return see_other(await server.store.read(lambda connection: jump.path_to(connection, viewer, to)))


ROUTES = [go]
