"""Who asks: the account behind a cookie or a token, looked up only for routes that ask for one.

A token in the `Authorization` header goes before a cookie. Whoever fails to prove who they are too often, from one
address, is not looked up at all for a while, so that guessing costs the database nothing.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.types import ASGIApp, Receive, Scope, Send

from weighbridge.fleet import sessions, tokens
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.guard import declared
from weighbridge.fleet.permissions import OPEN, Viewer, granted
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.server import Server

_MINUTE = 60_000
ALWAYS = "viewer"
"""In a route's `opt`: look the viewer up although the route is open."""


class Authentication:
    """Middleware that sets `scope["user"]` to a `Viewer` or None.

    Args:
        app: what comes next.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look up who asks, and go on."""
        scope["user"] = scope["auth"] = None
        handler = scope["route_handler"]
        if declared(handler) not in OPEN or handler.opt.get(ALWAYS):
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
            server: Server = connection.app.state.server
            viewer = await viewer_by(server, connection)
            scope["user"] = viewer
            if viewer is not None:
                wait = server.requests.take(viewer.token_id or viewer.account_id)
                if wait:
                    raise too_often("you ask more often than this server answers one account", wait)
        await self._app(scope, receive, send)


async def viewer_by(server: Server, connection: "ASGIConnection[Any, Any, Any, Any]") -> Viewer | None:
    """Return who asks, by token or by session. Raises RefusedError: 401 for a token that is none, 429 `E-too-often`."""
    address = address_of(connection.scope)
    header = connection.headers.get("authorization")
    secret = connection.cookies.get(server.cookie)
    if header is None and not secret:
        return None
    if wait := server.strangers.wait(address):
        raise too_often("too many failed attempts from your address", wait)
    viewer = await _by_token(server, header) if header is not None else await _by_session(server, secret or "")
    if viewer is None:
        await server.strangers.failed(address)
        if header is not None:
            server.metrics.add("weighbridge_refused_total", reason="token")
            raise RefusedError(
                401, "E-not-signed-in", "this token is none, or has ended", "make a new one in the console"
            )
    return viewer


async def _by_token(server: Server, header: str) -> Viewer | None:
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    if not text.startswith(tokens.PREFIX):
        return await server.other_token(text) if server.other_token is not None else None
    now = server.clock()
    found = await server.store.read(lambda connection: tokens.find(connection, now, text))
    if found is None:
        return None
    if found.note:
        token_id = found.token.token_id
        await server.store.write(lambda connection: tokens.note_use(connection, now, token_id))
    return viewer_of(found.account, token_id=found.token.token_id, limit=found.permissions)


async def _by_session(server: Server, secret: str) -> Viewer | None:
    now, idle = server.clock(), server.settings.session_idle_minutes * _MINUTE
    found = await server.store.read(lambda connection: sessions.find(connection, now, secret, idle=idle))
    if found is None:
        return None
    session_id = found.session.session_id
    if found.note:
        await server.store.write(lambda connection: sessions.note_use(connection, now, session_id))
    return viewer_of(found.account, session_id=session_id)


def viewer_of(
    account: Account, *, session_id: str | None = None, token_id: str | None = None, limit: frozenset[Any] | None = None
) -> Viewer:
    """Return an account as a viewer; a token's `limit` can only take permissions away."""
    may = granted(account.role, account.scope)
    return Viewer(
        account_id=account.account_id,
        name=account.name,
        role=account.role,
        permissions=may if limit is None else may & limit,
        scope=account.scope,
        session_id=session_id,
        token_id=token_id,
    )


def address_of(scope: Any) -> str:  # noqa: ANN401  (a scope of any framework)
    """Return the client's address, as the gate found it."""
    return str(scope.get("weighbridge.address", "unknown"))


def session_cookie(server: Server, secret: str) -> Cookie:
    """Return the cookie of a session; with an empty secret, what removes it."""
    lasts = server.settings.session_hours * 3600 if secret else 0
    return Cookie(
        key=server.cookie,
        value=secret,
        path="/",
        max_age=lasts,
        httponly=True,
        secure=server.settings.secure,
        samesite="lax",
    )


def too_often(message: str, wait: float) -> RefusedError:
    """Return the error of somebody who asks too often."""
    return RefusedError(429, "E-too-often", message, "wait a little, then try again", wait)
