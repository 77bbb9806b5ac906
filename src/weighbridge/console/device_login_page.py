"""Letting a tool in by the code that it shows: what asks is said first, then one allows or refuses it."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import QueryParameter

from weighbridge.console.form_calls import call, checked, fields
from weighbridge.console.page import Notice, page
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server
from weighbridge.hub import device_login_routes
from weighbridge.hub.device_login_routes import Decided, ShownLogin

_OWN: dict[str, Any] = {"opt": needs(Permission.MODELS_READ), "include_in_schema": False}
_HERE = "/catalog/device"


@get(_HERE, **_OWN)
async def show_device_page(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    code: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Response[str]:
    """Ask for a code, or show which tool it belongs to."""
    if not code:
        return _page(request, server, viewer)
    try:
        login = await call(device_login_routes.show_device_login, server, viewer, code)
    except RefusedError as refused:
        return _page(request, server, viewer, notice=_no_code(refused), status=refused.status)
    return _page(request, server, viewer, login=login)


@post(_HERE, status_code=200, **_OWN)
async def do_decide(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Allow or refuse a tool."""
    form = await fields(request)
    decided = checked({name: form[name] for name in ("decision", "right") if name in form}, Decided)
    try:
        await call(device_login_routes.decide_device_login, server, viewer, form.get("code", "")[:64], decided)
    except RefusedError as refused:
        return _page(request, server, viewer, notice=_no_code(refused), status=refused.status)
    said = "The tool is in. Go back to it." if decided.decision == "allow" else "The tool was refused."
    return _page(request, server, viewer, notice=Notice("success", said))


def _no_code(refused: RefusedError) -> Notice:
    if refused.status != 404:
        return Notice("error", f"{refused.message}. {refused.hint}.")
    return Notice("error", "No tool waits with this code. Codes work once, for a quarter of an hour.")


def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    *,
    login: ShownLogin | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[str]:
    twin = f"/api/v1/device-logins/{login.user_code}" if login else "/api/v1/hub-tokens"
    return page(
        request,
        server,
        viewer,
        "device_login.html",
        here="/catalog",
        twin=twin,
        notice=notice,
        status=status,
        login=login,
        may_publish=viewer.may(Permission.MODELS_PUBLISH),
    )


ROUTES = [show_device_page, do_decide]
