"""Who may what in which namespace of the hub, and who takes how much of its room, for those who manage it."""

from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import Done, answered, call, checked
from weighbridge.console.page import Notice, page
from weighbridge.fleet import accounts
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.hub import grant_routes, space_routes
from weighbridge.hub.given import GivenHub
from weighbridge.hub.hub import Hub

_MANAGE: dict[str, Any] = {"opt": needs(Permission.HUB_MANAGE), "include_in_schema": False}
_HERE = "/settings/hub"


@get(_HERE, **_MANAGE)
async def show_rights(request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer) -> Response[str]:
    """Show the rights in all namespaces, and what room there is."""
    return await _page(request, server, hub, viewer)


@post(_HERE, **_MANAGE, status_code=200)
async def do_change(request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer) -> Response[str]:
    """Give a right, or take one."""

    async def job(form: dict[str, str]) -> Done:
        wanted = {name: form.get(name, "") for name in ("namespace", "account_id", "right")}
        if "take" in form:
            await call(grant_routes.take_grant, server, viewer, *wanted.values())
            return Notice("success", "The right is gone."), ""
        await call(grant_routes.give_grant, server, viewer, checked(wanted, grant_routes.NewGrant))
        return Notice("success", "The right is given."), ""

    async def show(notice: Notice | None, status: int, _: str) -> Response[str]:
        return await _page(request, server, hub, viewer, notice, status)

    return await answered(request, job, show)


async def _page(
    request: WebRequest, server: Server, hub: Hub, viewer: Viewer, notice: Notice | None = None, status: int = 200
) -> Response[str]:
    able = await server.store.read(
        lambda connection: [one for one in accounts.every(connection) if one.disabled_at is None]
    )
    return page(
        request,
        server,
        viewer,
        "hub_rights.html",
        here=_HERE,
        twin="/api/v1/hub-grants",
        status=status,
        notice=notice,
        grants=await call(grant_routes.list_grants, server, ""),
        accounts=able,
        space=await call(space_routes.show_space, server, hub),
        place=server.settings.blob_store or "the state folder",
        upstream=server.settings.upstream,
        is_open=server.settings.hub_open,
        four_eyes=server.settings.hub_four_eyes,
    )


ROUTES = [show_rights, do_change]
