"""Accounts, for administrators: who may come in, as what, and the link that lets them in once."""

from functools import partial
from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import Done, answered, call, checked
from weighbridge.console.page import Notice, page
from weighbridge.fleet import account_routes
from weighbridge.fleet.account_routes import AccountChange, NewAccount
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Role, Viewer
from weighbridge.fleet.server import Server

_MANAGE: dict[str, Any] = {"opt": needs(Permission.ACCOUNTS_MANAGE), "include_in_schema": False}
_AFTER: dict[str, Any] = {**_MANAGE, "status_code": 200}


@get("/settings/accounts", **_MANAGE)
async def show_accounts(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show all accounts."""
    return await _page(request, server, viewer)


@post("/settings/accounts", **_AFTER)
async def do_add(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Make an account and a link for its person."""

    async def job(form: dict[str, str]) -> Done:
        groups = [group.strip() for group in form.get("groups", "").split(",") if group.strip()] or None
        values = {"name": form.get("name", ""), "role": form.get("role", ""), "groups": groups}
        data = checked(values | {"endpoint_id": form.get("endpoint") or None}, NewAccount)
        made = await call(account_routes.add_account, server, viewer, data)
        link = await call(account_routes.make_link, server, viewer, made.account_id)
        return Notice("success", f"{made.name} can come in with this link, once."), link.url

    return await answered(request, job, partial(_page, request, server, viewer))


@post("/settings/accounts/link", **_AFTER)
async def do_link(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Make a link that lets an account in once."""

    async def job(form: dict[str, str]) -> Done:
        link = await call(account_routes.make_link, server, viewer, form.get("account", "")[:64])
        return Notice("success", "The link works once; links of this account that were made before do not any more."), (
            link.url
        )

    return await answered(request, job, partial(_page, request, server, viewer))


@post("/settings/accounts/state", **_AFTER)
async def do_state(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Let an account in again, or not any more. Its sessions end."""

    async def job(form: dict[str, str]) -> Done:
        change = AccountChange(disabled=form.get("state") == "disabled")
        shown = await call(account_routes.change_account, server, viewer, form.get("account", "")[:64], change)
        word = "may come in again" if shown.disabled_at is None else "may not come in any more"
        return Notice("success", f"{shown.name} {word}."), ""

    return await answered(request, job, partial(_page, request, server, viewer))


async def _page(
    request: WebRequest, server: Server, viewer: Viewer, notice: Notice | None = None, status: int = 200, made: str = ""
) -> Response[str]:
    return page(
        request,
        server,
        viewer,
        "accounts.html",
        here="/settings/accounts",
        twin="/api/v1/accounts",
        status=status,
        notice=None if made else notice,
        said=notice.text if notice else "",
        made=made,
        accounts=await call(account_routes.list_accounts, server),
        roles=[role.value for role in Role],
    )


ROUTES = [show_accounts, do_add, do_link, do_state]
