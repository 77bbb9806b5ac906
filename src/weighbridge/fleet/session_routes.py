"""The viewer's own session, under /api/v1: signing in and out, who one is, one's sessions and password."""

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct

from weighbridge.fleet import sessions, sign_in
from weighbridge.fleet.authentication import address_of, session_cookie
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server
from weighbridge.fleet.sign_in import Client, SignedIn

Secret = Annotated[str, Meta(max_length=1024)]


class Credentials(Struct, forbid_unknown_fields=True, kw_only=True):
    """Name and password."""

    name: Annotated[str, Meta(max_length=128)]
    password: Secret


class LinkSecret(Struct, forbid_unknown_fields=True, kw_only=True):
    """The last part of a link that works once."""

    secret: Annotated[str, Meta(max_length=128)]


class NewPassword(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new password, and the old one unless a link was used to sign in."""

    new: Secret
    old: Secret = ""


class Me(Struct, kw_only=True):
    """Who asks, and what they may."""

    account_id: str
    name: str
    role: str
    permissions: list[str]
    groups: list[str] | None
    endpoint_id: str | None
    form_token: str | None = None
    """What requests of this session that change something carry in `X-Form-Token`; None for tokens of the API."""


class OwnSession(Struct, kw_only=True):
    """One session of the viewer. Times are milliseconds since 1970, UTC."""

    session_id: str
    address: str
    agent: str
    began_at: int
    used_at: int
    expires_at: int
    is_this: bool


@post("/api/v1/session", opt=needs(Permission.PUBLIC), status_code=201)
async def begin_session(request: WebRequest, server: GivenServer, data: JSONBody[Credentials]) -> Response[Me]:
    """Sign in with name and password; the answer sets the cookie of the session."""
    return let_in(server, await sign_in.by_password(server, data.name, data.password, client_of(request)))


@post("/api/v1/session/link", opt=needs(Permission.PUBLIC), status_code=201)
async def begin_session_by_link(request: WebRequest, server: GivenServer, data: JSONBody[LinkSecret]) -> Response[Me]:
    """Sign in with a link that works once; the answer sets the cookie of the session."""
    return let_in(server, await sign_in.by_link(server, data.secret, client_of(request)))


@get("/api/v1/session", opt=needs(Permission.SIGNED_IN))
async def show_session(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Me:
    """Tell who asks, and what they may."""
    return _me(viewer, None if viewer.token_id else request.cookies.get(server.cookie))


@delete("/api/v1/session", opt=needs(Permission.SIGNED_IN), status_code=200)
async def end_session(server: GivenServer, viewer: GivenViewer) -> Response[dict[str, bool]]:
    """Sign out."""
    return Response({"ended": await sign_out(server, viewer)}, cookies=[session_cookie(server, "")])


@get("/api/v1/sessions", opt=needs(Permission.SIGNED_IN))
async def list_sessions(server: GivenServer, viewer: GivenViewer) -> list[OwnSession]:
    """List one's own sessions, the newest first."""
    held = await server.store.read(lambda connection: sessions.of_account(connection, viewer.account_id))
    return [
        OwnSession(
            session_id=one.session_id,
            address=one.address,
            agent=one.agent,
            began_at=one.began_at,
            used_at=one.used_at,
            expires_at=one.expires_at,
            is_this=one.session_id == viewer.session_id,
        )
        for one in held
    ]


@delete("/api/v1/sessions/{session_id:str}", opt=needs(Permission.SIGNED_IN), status_code=204)
async def end_one_session(server: GivenServer, viewer: GivenViewer, session_id: Id) -> None:
    """End one of one's own sessions."""
    account_id = viewer.account_id
    if not await server.store.write(lambda connection: sessions.end(connection, account_id, session_id)):
        raise not_found("session")


@put("/api/v1/session/password", opt=needs(Permission.SIGNED_IN), status_code=204)
async def change_password(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewPassword]) -> None:
    """Set one's own password; every other session of the account ends."""
    await sign_in.set_password(server, viewer, data.old, data.new)


async def sign_out(server: Server, viewer: Viewer) -> bool:
    """End the viewer's session; return whether there was one."""
    account_id, session_id = viewer.account_id, viewer.session_id
    if session_id is None:
        return False
    return await server.store.write(lambda connection: sessions.end(connection, account_id, session_id))


def client_of(request: WebRequest) -> Client:
    """Return from where a request comes."""
    return Client(address_of(request.scope), request.headers.get("user-agent", ""))


def let_in(server: Server, began: SignedIn) -> Response[Me]:
    """Return the answer that sets the cookie of a session that began."""
    cookie = session_cookie(server, began.secret)
    return Response(_me(began.viewer, began.secret), status_code=201, cookies=[cookie])


def _me(viewer: Viewer, secret: str | None) -> Me:
    return Me(
        account_id=viewer.account_id,
        name=viewer.name,
        role=viewer.role.value,
        permissions=sorted(permission.value for permission in viewer.permissions),
        groups=None if viewer.scope.groups is None else list(viewer.scope.groups),
        endpoint_id=viewer.scope.endpoint_id,
        form_token=None if secret is None else sessions.form_token(secret),
    )


ROUTES = [
    begin_session,
    begin_session_by_link,
    show_session,
    end_session,
    list_sessions,
    end_one_session,
    change_password,
]
