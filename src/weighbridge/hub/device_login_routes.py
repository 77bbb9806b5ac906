"""Logins by code, under /api/v1: the person whom a tool shall act for sees what asks, and allows or refuses it."""

from typing import Literal

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.authentication import too_often
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server
from weighbridge.hub import device_login

_OWN = needs(Permission.MODELS_READ)


class ShownLogin(Struct, kw_only=True):
    """A login that waits. Times are milliseconds since 1970, UTC."""

    user_code: str
    tool: str
    """Which tool asks, as it says."""
    address: str
    begun_at: int
    expires_at: int


class Decided(Struct, forbid_unknown_fields=True, kw_only=True):
    """What a person says to a login."""

    decision: Literal["allow", "refuse"]
    right: Literal["read", "write"] = "read"


@get("/api/v1/device-logins/{user_code:str}", opt=_OWN)
async def show_device_login(server: GivenServer, viewer: GivenViewer, user_code: Id) -> ShownLogin:
    """Show which tool asks to act for one, by the code that it shows."""
    _take(server, viewer)
    now = server.clock()
    found = await server.store.read(lambda connection: device_login.waiting(connection, now, user_code))
    if found is None or viewer.token_id is not None:
        raise not_found("code")
    return ShownLogin(**found._asdict())


@post("/api/v1/device-logins/{user_code:str}", opt=_OWN, status_code=204)
async def decide_device_login(server: GivenServer, viewer: GivenViewer, user_code: Id, data: JSONBody[Decided]) -> None:
    """Allow or refuse a tool that asks to act for one. A token cannot: it would make another."""
    if viewer.token_id is not None:
        raise RefusedError(403, "E-not-allowed", "a token cannot let tools in", "sign in, and do it in a session")
    _take(server, viewer)
    now, code = server.clock(), device_login.clean_code(user_code)
    right = data.right if data.decision == "allow" else None

    def job(connection: Connection) -> bool:
        known = device_login.waiting(connection, now, code)
        if known is None:
            return False
        decided = device_login.decide(connection, now, code, viewer.account_id, right=right)
        if decided:
            detail = {"tool": known.tool, "address": known.address, "right": right or ""}
            audit.note(connection, now, viewer, f"device-login.{data.decision}", code, detail)
        return decided

    if not await server.store.write(job):
        raise not_found("code")


def _take(server: Server, viewer: Viewer) -> None:
    if wait := server.challenges.take(f"device-login:{viewer.account_id}"):
        raise too_often("too many codes were tried", wait)


ROUTES = [show_device_login, decide_device_login]
