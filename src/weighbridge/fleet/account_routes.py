"""Accounts, under /api/v1, for administrators."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import accounts, audit, links, sessions
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server

MANAGE = needs(Permission.ACCOUNTS_MANAGE)
Group = Annotated[str, Meta(min_length=1, max_length=64)]
Groups = Annotated[list[Group], Meta(max_length=100)]
EndpointId = Annotated[str, Meta(pattern="^[a-z2-7]{16}$")]


class NewAccount(Struct, forbid_unknown_fields=True, kw_only=True):
    """An account to make. `groups`: None for all endpoints; `endpoint_id`: the one of an owner."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    role: Role
    groups: Groups | None = None
    endpoint_id: EndpointId | None = None


class AccountChange(Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is absent stays. Role and scope are given together."""

    role: Role | UnsetType = UNSET
    groups: Groups | None = None
    endpoint_id: EndpointId | None = None
    disabled: bool | UnsetType = UNSET


class ShownAccount(Struct, kw_only=True):
    """One account. Times are milliseconds since 1970, UTC."""

    account_id: str
    name: str
    role: Role
    groups: list[str] | None
    endpoint_id: str | None
    has_password: bool
    created_at: int
    disabled_at: int | None


class SignInLink(Struct, kw_only=True):
    """A link that lets an account in once."""

    url: str
    expires_at: int


@get("/api/v1/accounts", opt=MANAGE)
async def list_accounts(server: GivenServer) -> list[ShownAccount]:
    """List all accounts by name."""
    return [_shown(account) for account in await server.store.read(accounts.every)]


@post("/api/v1/accounts", opt=MANAGE, status_code=201)
async def add_account(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewAccount]) -> ShownAccount:
    """Make an account. It has no password: give its person a link."""
    now, scope = server.clock(), _scope(data.groups, data.endpoint_id)

    def job(connection: Connection) -> Account:
        check_not_managed(connection, server.settings, "accounts", accounts.clean_name(data.name))
        made = accounts.add(connection, now, data.name, data.role, scope)
        audit.note(connection, now, viewer, "account.add", made.account_id, {"name": made.name, "role": data.role})
        return made

    return _shown(await server.store.write(job))


@get("/api/v1/accounts/{account_id:str}", opt=MANAGE)
async def show_account(server: GivenServer, account_id: Id) -> ShownAccount:
    """Show one account."""
    return _shown(_there(await server.store.read(lambda connection: accounts.by_id(connection, account_id))))


@patch("/api/v1/accounts/{account_id:str}", opt=MANAGE)
async def change_account(
    server: GivenServer, viewer: GivenViewer, account_id: Id, data: JSONBody[AccountChange]
) -> ShownAccount:
    """Change role and scope, or let an account in or not. Its sessions end."""
    now, scope = server.clock(), _scope(data.groups, data.endpoint_id)

    def job(connection: Connection) -> Account:
        name = _there(accounts.by_id(connection, account_id)).name
        check_not_managed(connection, server.settings, "accounts", name)
        if data.role is not UNSET:
            accounts.set_role(connection, now, account_id, data.role, scope)
            detail = {"role": data.role, "groups": scope.groups, "endpoint_id": scope.endpoint_id}
            audit.note(connection, now, viewer, "account.role", account_id, detail)
        if data.disabled is True:
            accounts.disable(connection, now, account_id)
            audit.note(connection, now, viewer, "account.disable", account_id)
        elif data.disabled is False:
            accounts.enable(connection, now, account_id)
            audit.note(connection, now, viewer, "account.enable", account_id)
        sessions.end_all(connection, account_id)
        return _there(accounts.by_id(connection, account_id))

    return _shown(await server.store.write(job))


@post("/api/v1/accounts/{account_id:str}/link", opt=MANAGE, status_code=201)
async def make_link(server: GivenServer, viewer: GivenViewer, account_id: Id) -> SignInLink:
    """Make a link that lets an account in once; links of it that were made before end."""
    now = server.clock()

    def job(connection: Connection) -> str:
        _there(accounts.by_id(connection, account_id))
        audit.note(connection, now, viewer, "account.link", account_id)
        return links.make(connection, now, account_id)

    return SignInLink(url=link_url(server, await server.store.write(job)), expires_at=now + links.LIFETIME)


@delete("/api/v1/accounts/{account_id:str}/sessions", opt=MANAGE, status_code=200)
async def end_sessions(server: GivenServer, viewer: GivenViewer, account_id: Id) -> dict[str, int]:
    """End all sessions of an account."""
    now = server.clock()

    def job(connection: Connection) -> int:
        _there(accounts.by_id(connection, account_id))
        audit.note(connection, now, viewer, "account.end-sessions", account_id)
        return sessions.end_all(connection, account_id)

    return {"ended": await server.store.write(job)}


def link_url(server: Server, secret: str) -> str:
    """Return the whole address of a link."""
    return f"{server.settings.origin}/sign-in/{secret}"


def _scope(groups: list[str] | None, endpoint_id: str | None) -> Scope:
    return Scope(groups=None if groups is None else tuple(groups), endpoint_id=endpoint_id)


def _there(account: Account | None) -> Account:
    if account is None:
        raise not_found("account")
    return account


def _shown(account: Account) -> ShownAccount:
    return ShownAccount(
        account_id=account.account_id,
        name=account.name,
        role=account.role,
        groups=None if account.scope.groups is None else list(account.scope.groups),
        endpoint_id=account.scope.endpoint_id,
        has_password=account.has_password,
        created_at=account.created_at,
        disabled_at=account.disabled_at,
    )


ROUTES = [list_accounts, add_account, show_account, change_account, make_link, end_sessions]
