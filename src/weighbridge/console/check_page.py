"""The page of a check: what it finds, why that matters, and what to do; the same text as `wb explain`."""

from litestar import Response, get

from weighbridge.console.form_calls import call
from weighbridge.console.page import page
from weighbridge.fleet import check_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission


@get("/findings/checks/{check_id:str}", opt=needs(Permission.OWN_DEVICE), include_in_schema=False)
async def show_check(request: WebRequest, server: GivenServer, viewer: GivenViewer, check_id: Id) -> Response[str]:
    """Show what a check finds."""
    found = await call(check_routes.show_check, check_id)
    here = "/findings" if viewer.may(Permission.FLEET_READ) else "/device"
    return page(request, server, viewer, "check.html", here=here, twin=f"/api/v1/checks/{check_id}", check=found)


ROUTES = [show_check]
