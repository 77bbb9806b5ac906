"""Tokens of the hub, under /api/v1: everybody makes and ends their own; who manages the hub ends anybody's."""

from typing import Annotated, Literal

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.hub import hub_tokens
from weighbridge.hub.hub_tokens import HubToken

_OWN = needs(Permission.MODELS_READ)
_DAY = 24 * 3_600_000


class NewHubToken(Struct, forbid_unknown_fields=True, kw_only=True):
    """A token to make."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    """What uses it: `laptop`, `build`."""
    right: Literal["read", "write"] = "read"
    days: Annotated[int, Meta(ge=1, le=366)] = 90


class ShownHubToken(Struct, kw_only=True):
    """One token. Times are milliseconds since 1970, UTC."""

    token_id: str
    name: str
    right: str
    created_at: int
    expires_at: int
    revoked_at: int | None
    used_at: int | None
    text: str | None = None
    """The token itself, in the answer that made it and never again."""


@get("/api/v1/hub-tokens", opt=_OWN)
async def list_hub_tokens(server: GivenServer, viewer: GivenViewer) -> list[ShownHubToken]:
    """List one's own tokens of the hub, the newest first, ended ones too."""
    held = await server.store.read(lambda connection: hub_tokens.of_account(connection, viewer.account_id))
    return [_shown(token) for token in held]


@post("/api/v1/hub-tokens", opt=_OWN, status_code=201)
async def make_hub_token(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewHubToken]) -> ShownHubToken:
    """Make a token of the hub. A token cannot make tokens."""
    if viewer.token_id is not None:
        raise RefusedError(403, "E-not-allowed", "a token cannot make tokens", "sign in, and make it in a session")
    now = server.clock()

    def job(connection: Connection) -> tuple[HubToken, str]:
        made = hub_tokens.make(
            connection, now, viewer.account_id, name=data.name, right=data.right, lasts=data.days * _DAY
        )
        audit.note(connection, now, viewer, "hub-token.make", made[0].token_id, {"right": data.right})
        return made

    token, text = await server.store.write(job)
    shown = _shown(token)
    shown.text = text
    return shown


@delete("/api/v1/hub-tokens/{token_id:str}", opt=_OWN, status_code=204)
async def revoke_hub_token(server: GivenServer, viewer: GivenViewer, token_id: Id) -> None:
    """End one of one's own tokens of the hub; who manages the hub ends anybody's."""
    now = server.clock()
    whose = None if viewer.may(Permission.HUB_MANAGE) else viewer.account_id

    def job(connection: Connection) -> bool:
        if ended := hub_tokens.revoke(connection, now, token_id, whose):
            audit.note(connection, now, viewer, "hub-token.revoke", token_id)
        return ended

    if not await server.store.write(job):
        raise not_found("token")


def _shown(token: HubToken) -> ShownHubToken:
    return ShownHubToken(**{name: value for name, value in token._asdict().items() if name != "account_id"})


ROUTES = [list_hub_tokens, make_hub_token, revoke_hub_token]
