"""Who comes into the fleet, for administrators: tokens for devices, devices that wait, the groups that there are."""

from functools import partial
from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import Done, answered, call, checked
from weighbridge.console.page import Notice, page
from weighbridge.fleet import enrollment_routes, groups
from weighbridge.fleet.endpoints import PENDING
from weighbridge.fleet.enrollment_routes import NewEnrollmentToken
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import endpoints, now
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server

_MANAGE: dict[str, Any] = {"opt": needs(Permission.ENDPOINTS_MANAGE), "include_in_schema": False}
_AFTER: dict[str, Any] = {**_MANAGE, "status_code": 200}


@get("/settings/enrollment", **_MANAGE)
async def show_enrollment(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show tokens for devices, devices that wait, and groups."""
    return await _page(request, server, viewer)


@post("/settings/enrollment", **_AFTER)
async def do_make(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Make a token for devices, and show what to type on them."""

    async def job(form: dict[str, str]) -> Done:
        values: dict[str, object] = {name: form[name] for name in ("note", "group", "uses", "days") if name in form}
        data = checked(values | {"needs_approval": "needs_approval" in form}, NewEnrollmentToken)
        made = await call(enrollment_routes.make_enrollment_token, server, viewer, data)
        return Notice("success", "Type this on the device. The token is shown this once."), made.command

    return await answered(request, job, partial(_page, request, server, viewer))


@post("/settings/enrollment/end", **_AFTER)
async def do_end(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """End a token for devices."""

    async def job(form: dict[str, str]) -> Done:
        await call(enrollment_routes.revoke_enrollment_token, server, viewer, form.get("token", "")[:64])
        return Notice("success", "The token has ended; devices that came in with it stay."), ""

    return await answered(request, job, partial(_page, request, server, viewer))


@post("/settings/enrollment/approve", **_AFTER)
async def do_approve(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Let in a device that waits."""

    async def job(form: dict[str, str]) -> Done:
        await call(enrollment_routes.approve_endpoint, server, viewer, form.get("endpoint", "")[:64])
        return Notice("success", "The device is in the fleet."), ""

    return await answered(request, job, partial(_page, request, server, viewer))


async def _page(
    request: WebRequest, server: Server, viewer: Viewer, notice: Notice | None = None, status: int = 200, made: str = ""
) -> Response[str]:
    moment = now(server)
    asked = Asked(query=f"state:{PENDING}", sort="enrolled", limit=100)
    waiting = await server.store.read(lambda connection: endpoints(connection, viewer.scope, asked, moment))
    return page(
        request,
        server,
        viewer,
        "enrollment.html",
        here="/settings/enrollment",
        twin="/api/v1/enrollment-tokens",
        status=status,
        notice=None if made else notice,
        said=notice.text if notice else "",
        made=made,
        tokens=await call(enrollment_routes.list_enrollment_tokens, server, viewer),
        waiting=waiting,
        groups=await server.store.read(lambda connection: groups.every(connection, viewer.scope)),
        moment=server.clock(),
    )


ROUTES = [show_enrollment, do_make, do_end, do_approve]
