"""Tokens for programs, under /api/v1: everybody makes and ends their own."""

from typing import Annotated

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, tokens
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.tokens import Token

OWN = needs(Permission.SIGNED_IN)
_DAY = 24 * 3_600_000


class NewToken(Struct, forbid_unknown_fields=True, kw_only=True):
    """A token to make."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    permissions: Annotated[list[Permission], Meta(min_length=1, max_length=32)]
    days: Annotated[int, Meta(ge=1, le=366)] = 90


class ShownToken(Struct, kw_only=True):
    """One token. Times are milliseconds since 1970, UTC."""

    token_id: str
    name: str
    permissions: list[str]
    created_at: int
    expires_at: int
    revoked_at: int | None
    used_at: int | None
    text: str | None = None
    """The token itself, in the answer that made it and never again."""


@get("/api/v1/tokens", opt=OWN)
async def list_tokens(server: GivenServer, viewer: GivenViewer) -> list[ShownToken]:
    """List one's own tokens, the newest first, ended ones too."""
    held = await server.store.read(lambda connection: tokens.of_account(connection, viewer.account_id))
    return [_shown(token) for token in held]


@post("/api/v1/tokens", opt=OWN, status_code=201)
async def make_token(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewToken]) -> ShownToken:
    """Make a token with some of one's own permissions. A token cannot make tokens."""
    if viewer.token_id is not None:
        raise RefusedError(403, "E-not-allowed", "a token cannot make tokens", "sign in, and make it in a session")
    missing = sorted(set(data.permissions) - viewer.permissions)
    if missing:
        raise RefusedError(
            403, "E-not-allowed", f"you do not have the permission `{missing[0]}` yourself", "leave it out"
        )
    now = server.clock()

    def job(connection: Connection) -> tuple[Token, str]:
        account = accounts.by_id(connection, viewer.account_id)
        if account is None:
            raise not_found("account")
        made = tokens.make(
            connection, now, account, name=data.name, permissions=data.permissions, lasts=data.days * _DAY
        )
        audit.note(connection, now, viewer, "token.make", made[0].token_id, {"permissions": made[0].permissions})
        return made

    token, text = await server.store.write(job)
    shown = _shown(token)
    shown.text = text
    return shown


@delete("/api/v1/tokens/{token_id:str}", opt=OWN, status_code=204)
async def revoke_token(server: GivenServer, viewer: GivenViewer, token_id: Id) -> None:
    """End one of one's own tokens; an administrator ends anybody's."""
    now = server.clock()
    whose = None if viewer.may(Permission.ACCOUNTS_MANAGE) else viewer.account_id

    def job(connection: Connection) -> bool:
        if ended := tokens.revoke(connection, now, token_id, whose):
            audit.note(connection, now, viewer, "token.revoke", token_id)
        return ended

    if not await server.store.write(job):
        raise not_found("token")


def _shown(token: Token) -> ShownToken:
    return ShownToken(
        token_id=token.token_id,
        name=token.name,
        permissions=list(token.permissions),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        used_at=token.used_at,
    )


ROUTES = [list_tokens, make_token, revoke_token]
