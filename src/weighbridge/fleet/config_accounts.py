"""Accounts in files: role and scope, never a password. Who is taken out of the files is disabled: names stay taken."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import accounts, sessions
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.permissions import Role, Scope


class AccountItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    role: Role
    groups: Annotated[list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=100)] | None = None
    """That it sees; null: all endpoints."""
    endpoint: Annotated[str, Meta(pattern="^[a-z2-7]{16}$")] | None = None
    """That an owner sees."""
    disabled: bool = False


def _body(item: AccountItem) -> Body:
    groups = None if item.groups is None else sorted(item.groups)
    return {"role": item.role.value, "groups": groups, "endpoint": item.endpoint, "disabled": item.disabled}


def _read(connection: Connection) -> dict[str, Body]:
    return {one.name: _held(one) for one in accounts.every(connection)}


def _held(one: Account) -> Body:
    return {
        "role": one.role.value,
        "groups": None if one.scope.groups is None else sorted(one.scope.groups),
        "endpoint": one.scope.endpoint_id,
        "disabled": one.disabled_at is not None,
    }


def _write(connection: Connection, work: Work, item: AccountItem) -> None:
    name = accounts.clean_name(item.name)
    scope = Scope(groups=None if item.groups is None else tuple(item.groups), endpoint_id=item.endpoint)
    found = accounts.by_name(connection, name) or accounts.add(connection, work.now, name, item.role, scope)
    held = _held(found)
    wanted = _body(item)
    if any(held[one] != wanted[one] for one in ("role", "groups", "endpoint")):
        accounts.set_role(connection, work.now, found.account_id, item.role, scope)
    if item.disabled and not held["disabled"]:
        accounts.disable(connection, work.now, found.account_id)
    elif held["disabled"] and not item.disabled:
        accounts.enable(connection, work.now, found.account_id)
    sessions.end_all(connection, found.account_id)


def _remove(connection: Connection, work: Work, key: str) -> None:
    found = accounts.by_name(connection, key)
    if found is not None:
        accounts.disable(connection, work.now, found.account_id)
        sessions.end_all(connection, found.account_id)


def _shown(key: str, body: Body) -> Body:
    return {"name": key, **{name: value for name, value in body.items() if value not in (None, False)}}


SECTION = Section(
    name="accounts",
    about="Who may come in, as what, and which endpoints they see; passwords are set by their owners.",
    item=AccountItem,
    key=lambda item: accounts.clean_name(item.name),
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    counts=lambda body: not body["disabled"],
    shown=_shown,
)
