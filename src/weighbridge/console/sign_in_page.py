"""Signing in and out: by an identity provider, by a passkey, by name and password, or by a link that works once.

Opening a link alone uses nothing up.
"""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.params import Body

from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import passkey_sign_in, session_routes, sign_in, single_sign_on
from weighbridge.fleet.authentication import ALWAYS, session_cookie
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server

_OPEN: dict[str, Any] = {"opt": {**needs(Permission.PUBLIC), ALWAYS: True}, "include_in_schema": False}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in", **_OPEN)
async def show_sign_in(request: WebRequest, server: GivenServer) -> Response[Any]:
    """Show the form, or go on if somebody is signed in already."""
    if request.user is not None:
        return see_other("/")
    return _form(request, server)


@get("/sign-in/{secret:str}", **_OPEN)
async def show_link(request: WebRequest, server: GivenServer, secret: Id) -> Response[Any]:
    """Show the button that uses a link; programs that open links ahead of people use nothing up."""
    return _form(request, server, link=secret)


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
        return _form(request, server, refused, name=data.get("name", ""))
    return see_other("/", cookies=[session_cookie(server, began.secret)])


@post("/sign-out", opt=needs(Permission.SIGNED_IN), include_in_schema=False)
async def do_sign_out(server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """End the session."""
    await session_routes.sign_out(server, viewer)
    return see_other("/sign-in", cookies=[session_cookie(server, "")])


@get("/sign-in/provider", **_OPEN)
async def go_to_provider(request: WebRequest, server: GivenServer) -> Response[Any]:
    """Send the browser to the identity provider."""
    try:
        departure = await single_sign_on.depart(server)
    except RefusedError as refused:
        return _form(request, server, refused)
    return see_other(departure.address, cookies=[_attempt(server, departure.secret)])


@get(single_sign_on.ANSWER_PATH, **_OPEN)
async def come_from_provider(request: WebRequest, server: GivenServer) -> Response[Any]:
    """Let in whoever the identity provider sent back, or say why not."""
    brought = (str(request.query_params.get(name, ""))[:4096] for name in ("code", "state", "iss", "error"))
    secret = request.cookies.get(single_sign_on.COOKIE, "")
    try:
        began = await single_sign_on.arrive(
            server, secret, single_sign_on.Answer(*brought), session_routes.client_of(request)
        )
    except RefusedError as refused:
        return _form(request, server, refused)
    return see_other("/", cookies=[session_cookie(server, began.secret), _attempt(server, "")])


def _form(
    request: WebRequest, server: Server, refused: RefusedError | None = None, *, name: str = "", link: str = ""
) -> Response[Any]:
    return page(
        request,
        server,
        None,
        "sign_in.html",
        status=200 if refused is None else refused.status,
        notice=None if refused is None else Notice("error", f"{refused.message} — {refused.hint}"),
        name=name,
        link=link,
        passkeys=passkey_sign_in.host_of(server, request.headers.get("host", "")) is not None,
        provider=server.settings.oidc_name if server.identity_provider is not None else "",
    )


def _attempt(server: Server, secret: str) -> Cookie:
    # Not `strict`: the browser comes back from another site.
    return Cookie(
        key=single_sign_on.COOKIE,
        value=secret,
        path="/sign-in",
        max_age=single_sign_on.COOKIE_SECONDS if secret else 0,
        httponly=True,
        secure=server.settings.secure,
        samesite="lax",
    )


ROUTES = [show_sign_in, show_link, do_sign_in, do_sign_out, go_to_provider, come_from_provider]
