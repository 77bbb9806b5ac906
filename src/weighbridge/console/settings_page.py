"""One's own settings: password, passkeys, sessions and tokens. What is shown once stands in the answer that made it."""

from collections.abc import Awaitable
from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, page
from weighbridge.fleet import passkey_routes, passkey_sign_in, session_routes, token_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_OWN: dict[str, Any] = {"opt": needs(Permission.SIGNED_IN), "include_in_schema": False}
_AFTER: dict[str, Any] = {**_OWN, "status_code": 200}


@get("/settings", **_OWN)
async def show_settings(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show one's own settings."""
    return await _page(request, server, viewer)


@post("/settings/password", **_AFTER)
async def do_password(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Set one's own password."""
    form = await fields(request)
    values = {"new": form.get("new", ""), "old": form.get("old", "")}

    async def job() -> Notice:
        data = checked(values, session_routes.NewPassword)
        await call(session_routes.change_password, server, viewer, data)
        return Notice("success", "The password is set; every other session of this account has ended.")

    return await _after(request, server, viewer, job())


@post("/settings/sessions/end", **_AFTER)
async def do_end_session(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """End one of one's own sessions."""
    session_id = (await fields(request)).get("session", "")[:64]

    async def job() -> Notice:
        await call(session_routes.end_one_session, server, viewer, session_id)
        return Notice("success", "The session has ended.")

    return await _after(request, server, viewer, job())


@post("/settings/tokens", **_AFTER)
async def do_token(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Make a token and show it, this once."""
    form = await fields(request)
    chosen = [str(one) for one in (await request.form()).getall("permission", [])]
    values = {"name": form.get("name", ""), "permissions": chosen, "days": form.get("days", "90")}
    try:
        token = await call(token_routes.make_token, server, viewer, checked(values, token_routes.NewToken))
    except WeighbridgeError as error:
        return await _page(request, server, viewer, refusal(error), 400)
    return await _page(request, server, viewer, made=token.text)


@post("/settings/tokens/end", **_AFTER)
async def do_end_token(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """End a token."""
    token_id = (await fields(request)).get("token", "")[:64]

    async def job() -> Notice:
        await call(token_routes.revoke_token, server, viewer, token_id)
        return Notice("success", "The token has ended.")

    return await _after(request, server, viewer, job())


@post("/settings/passkeys/remove", **_AFTER)
async def do_remove_passkey(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Remove a passkey."""
    passkey_id = (await fields(request)).get("passkey", "")[:64]

    async def job() -> Notice:
        await call(passkey_routes.remove_passkey, server, viewer, passkey_id)
        return Notice("success", "The passkey is removed; your device may still show it.")

    return await _after(request, server, viewer, job())


async def _after(request: WebRequest, server: Server, viewer: Viewer, job: Awaitable[Notice]) -> Response[str]:
    try:
        return await _page(request, server, viewer, await job)
    except WeighbridgeError as error:
        return await _page(request, server, viewer, refusal(error), getattr(error, "status", 400))


async def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    notice: Notice | None = None,
    status: int = 200,
    made: str | None = None,
) -> Response[str]:
    return page(
        request,
        server,
        viewer,
        "settings.html",
        here="/settings",
        twin="/api/v1/session",
        status=status,
        notice=notice,
        made=made,
        passkeys=passkey_sign_in.host_of(server, request.headers.get("host", "")) is not None,
        keys=await call(passkey_routes.list_passkeys, server, viewer),
        sessions=await call(session_routes.list_sessions, server, viewer),
        tokens=await call(token_routes.list_tokens, server, viewer),
        moment=server.clock(),
        choices=sorted(permission.value for permission in viewer.permissions - {Permission.SIGNED_IN}),
    )


ROUTES = [show_settings, do_password, do_end_session, do_token, do_end_token, do_remove_passkey]
