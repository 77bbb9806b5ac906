"""Passkeys under /api/v1: signing in by one, one's own passkeys. Bodies are what the browser's own functions give."""

from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from weighbridge.fleet import passkey_sign_in, passkeys
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.passkeys import LONGEST_NAME, Passkey
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.session_routes import Me, client_of, let_in

Credential = Annotated[dict[str, Any], Meta(description="What `PublicKeyCredential.toJSON()` gives.")]


class NewPasskey(Struct, forbid_unknown_fields=True, kw_only=True):
    """A passkey that the browser made."""

    name: Annotated[str, Meta(max_length=LONGEST_NAME)]
    credential: Credential


class Proof(Struct, forbid_unknown_fields=True, kw_only=True):
    """The answer of a passkey."""

    credential: Credential


class OwnPasskey(Struct, kw_only=True):
    """One passkey of the viewer. Times are milliseconds since 1970, UTC."""

    passkey_id: str
    name: str
    created_at: int
    used_at: int | None


@post("/api/v1/session/passkey/options", opt=needs(Permission.PUBLIC), status_code=200)
async def begin_passkey_session(request: WebRequest, server: GivenServer) -> dict[str, Any]:
    """Return what `navigator.credentials.get` is asked for, with a challenge that can be answered once."""
    return await passkey_sign_in.options_to_sign_in(server, client_of(request), _host(request))


@post("/api/v1/session/passkey", opt=needs(Permission.PUBLIC), status_code=201)
async def begin_session_by_passkey(request: WebRequest, server: GivenServer, data: JSONBody[Proof]) -> Response[Me]:
    """Sign in by a passkey; the answer sets the cookie of the session."""
    client = client_of(request)
    return let_in(server, await passkey_sign_in.by_passkey(server, data.credential, client, _host(request)))


@get("/api/v1/passkeys", opt=needs(Permission.SIGNED_IN))
async def list_passkeys(server: GivenServer, viewer: GivenViewer) -> list[OwnPasskey]:
    """List one's own passkeys, the oldest first."""
    held = await server.store.read(lambda connection: passkeys.of_account(connection, viewer.account_id))
    return [_own(one) for one in held]


@post("/api/v1/passkeys/options", opt=needs(Permission.SIGNED_IN), status_code=200)
async def begin_passkey(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> dict[str, Any]:
    """Return what `navigator.credentials.create` is asked for."""
    return await passkey_sign_in.options_to_add(server, viewer, _host(request))


@post("/api/v1/passkeys", opt=needs(Permission.SIGNED_IN), status_code=201)
async def add_passkey(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, data: JSONBody[NewPasskey]
) -> OwnPasskey:
    """Add a passkey to one's account, within 15 minutes of signing in."""
    return _own(await passkey_sign_in.add(server, viewer, data.name, data.credential, _host(request)))


@delete("/api/v1/passkeys/{passkey_id:str}", opt=needs(Permission.SIGNED_IN), status_code=204)
async def remove_passkey(server: GivenServer, viewer: GivenViewer, passkey_id: Id) -> None:
    """Remove one of one's own passkeys."""
    if not await passkey_sign_in.remove(server, viewer, passkey_id):
        raise not_found("passkey")


def _host(request: WebRequest) -> str:
    return request.headers.get("host", "")


def _own(one: Passkey) -> OwnPasskey:
    return OwnPasskey(passkey_id=one.passkey_id, name=one.name, created_at=one.created_at, used_at=one.used_at)


ROUTES = [
    begin_passkey_session,
    begin_session_by_passkey,
    list_passkeys,
    begin_passkey,
    add_passkey,
    remove_passkey,
]
