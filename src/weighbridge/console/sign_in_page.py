"""Signing in and out: by name and password, or by a link that works once. Opening a link alone uses nothing up."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import session_routes, sign_in
from weighbridge.fleet.authentication import ALWAYS, session_cookie
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError

_OPEN: dict[str, Any] = {"opt": {**needs(Permission.PUBLIC), ALWAYS: True}, "include_in_schema": False}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in", **_OPEN)
async def show_sign_in(request: WebRequest, server: GivenServer) -> Response[Any]:
    """Show the form, or go on if somebody is signed in already."""
    if request.user is not None:
        return see_other("/")
    return page(request, server, None, "sign_in.html", name="", link="")


@get("/sign-in/{secret:str}", **_OPEN)
async def show_link(request: WebRequest, server: GivenServer, secret: Id) -> Response[Any]:
    """Show the button that uses a link; programs that open links ahead of people use nothing up."""
    return page(request, server, None, "sign_in.html", name="", link=secret)


@post("/sign-in", **_OPEN)
async def do_sign_in(request: WebRequest, server: GivenServer, data: Form) -> Response[Any]:
    """Sign in and go to the first page, or show the form again and say why not."""
    client = session_routes.client_of(request)
    try:
        if data.get("link"):
            began = await sign_in.by_link(server, data["link"][:200], client)
        else:
            began = await sign_in.by_password(
                server, data.get("name", "")[:200], data.get("password", "")[:2000], client
            )
    except RefusedError as refused:
        notice = Notice("error", f"{refused.message} — {refused.hint}")
        return page(
            request,
            server,
            None,
            "sign_in.html",
            status=refused.status,
            notice=notice,
            name=data.get("name", ""),
            link="",
        )
    return see_other("/", cookies=[session_cookie(server, began.secret)])


@post("/sign-out", opt=needs(Permission.SIGNED_IN), include_in_schema=False)
async def do_sign_out(server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """End the session."""
    await session_routes.sign_out(server, viewer)
    return see_other("/sign-in", cookies=[session_cookie(server, "")])


ROUTES = [show_sign_in, show_link, do_sign_in, do_sign_out]
