"""What other products are told, for administrators: targets with how far each is, what they refused, and a test."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, page
from weighbridge.fleet import export_letter_routes, export_routes, export_sending_routes, export_shown
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.new_target import NewTarget
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import counted

_MANAGE: dict[str, Any] = {"opt": needs(Permission.EXPORTS_MANAGE), "include_in_schema": False}
_AFTER: dict[str, Any] = {**_MANAGE, "status_code": 200}
_HERE = "/settings/exports"
_Do = Callable[[dict[str, str]], Awaitable[Notice]]


@get(_HERE, **_MANAGE)
async def show_exports(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show the targets."""
    return await _list(request, server, viewer)


@post(_HERE, **_AFTER)
async def do_add(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Add a target; a key that the server made is shown once."""
    form = await fields(request)
    topics = [str(one) for one in (await request.form()).getall("topic", [])]
    names = ("name", "kind", "address", "secret", "format", "severity", "digest_minutes")
    values: dict[str, object] = {name: form[name] for name in names if name in form}
    options = dict(one.split("=", 1) for one in form.get("options", "").split() if "=" in one)
    try:
        wanted = checked(values | {"topics": topics, "options": options}, NewTarget)
        made = await call(export_routes.add_target, server, viewer, wanted)
    except WeighbridgeError as error:
        return await _list(request, server, viewer, refusal(error), getattr(error, "status", 400))
    return await _list(
        request, server, viewer, Notice("success", f"{made.name} is told from now on."), 200, made.secret
    )


@get(_HERE + "/{target_id:str}", **_MANAGE)
async def show_export(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Show one target: how far it is, what it refused, which issues it has."""
    return await _one(request, server, viewer, target_id)


@post(_HERE + "/{target_id:str}/test", **_AFTER)
async def do_test(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Ask a target now."""

    async def job(_: dict[str, str]) -> Notice:
        found = await call(export_sending_routes.try_target, server, viewer, target_id)
        return Notice("success" if found.taken else "error", f"Asked now: {found.said}.")

    return await _after(request, server, viewer, target_id, job)


@post(_HERE + "/{target_id:str}/state", **_AFTER)
async def do_state(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Pause a target, let it go on, or try it at once."""

    async def job(form: dict[str, str]) -> Notice:
        if form.get("state") == "retry":
            await call(export_sending_routes.retry_target, server, viewer, target_id)
            return Notice("success", "It is tried now.")
        paused = form.get("state") == "paused"
        change = checked({"paused": paused}, export_routes.ChangedTarget)
        await call(export_routes.change_target, server, viewer, target_id, change)
        return Notice("success", "Nothing is sent until it goes on." if paused else "It goes on where it was.")

    return await _after(request, server, viewer, target_id, job)


@post(_HERE + "/{target_id:str}/secret", **_AFTER)
async def do_secret(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Give a target another secret."""

    async def job(form: dict[str, str]) -> Notice:
        change = checked({"secret": form.get("secret", "")}, export_routes.ChangedTarget)
        await call(export_routes.change_target, server, viewer, target_id, change)
        return Notice("success", "The other secret is used from now on.")

    return await _after(request, server, viewer, target_id, job)


@post(_HERE + "/{target_id:str}/replay", **_AFTER)
async def do_replay(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Send everything again from a day on."""

    async def job(form: dict[str, str]) -> Notice:
        try:
            since = datetime.fromisoformat(form.get("since", ""))
        except ValueError:
            raise WeighbridgeError("E-request", "the day is none", "write it like 2026-11-21") from None
        moment = round((since if since.tzinfo else since.replace(tzinfo=UTC)).timestamp() * 1000)
        wanted = checked({"since": moment}, export_sending_routes.Replay)
        again = await call(export_sending_routes.replay_target, server, viewer, target_id, wanted)
        return Notice("success", f"{counted(again.rows, 'row')} will be sent again.")

    return await _after(request, server, viewer, target_id, job)


@post(_HERE + "/{target_id:str}/refused", **_AFTER)
async def do_refused(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Send again what a target refused, or give it up."""

    async def job(form: dict[str, str]) -> Notice:
        if form.get("do") == "drop":
            done = await call(export_letter_routes.drop_letters, server, viewer, target_id)
            return Notice("success", f"{counted(done.rows, 'row')} given up.")
        done = await call(export_letter_routes.replay_letters, server, viewer, target_id)
        return Notice("success", f"{counted(done.rows, 'row')} will be sent again.")

    return await _after(request, server, viewer, target_id, job)


@post(_HERE + "/{target_id:str}/remove", **_AFTER)
async def do_remove(request: WebRequest, server: GivenServer, viewer: GivenViewer, target_id: Id) -> Response[str]:
    """Remove a target."""
    try:
        await call(export_routes.remove_target, server, viewer, target_id)
    except WeighbridgeError as error:
        return await _list(request, server, viewer, refusal(error), getattr(error, "status", 400))
    return await _list(request, server, viewer, Notice("success", "The target is removed, with its secret."))


async def _after(request: WebRequest, server: Server, viewer: Viewer, target_id: str, job: _Do) -> Response[str]:
    form = await fields(request)
    try:
        notice = await job(form)
    except WeighbridgeError as error:
        status = getattr(error, "status", 400)
        if status == 404:
            raise
        return await _one(request, server, viewer, target_id, refusal(error), status)
    return await _one(request, server, viewer, target_id, notice)


async def _list(
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
        "exports.html",
        here=_HERE,
        twin="/api/v1/exports",
        status=status,
        notice=notice,
        made=made,
        targets=await call(export_routes.list_targets, server, viewer),
        kinds=export_shown.kinds(),
    )


async def _one(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    target_id: str,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[str]:
    target = await call(export_routes.show_target, server, viewer, target_id)
    return page(
        request,
        server,
        viewer,
        "export.html",
        here=_HERE,
        twin=f"/api/v1/exports/{target.target_id}",
        status=status,
        notice=notice,
        t=target,
        title={one.kind: one.title for one in export_shown.kinds()}[target.kind],
        letters=await call(export_letter_routes.list_letters, server, viewer, target_id),
        tickets=await call(export_sending_routes.list_tickets, server, viewer, target_id),
    )


ROUTES = [
    show_exports,
    do_add,
    show_export,
    do_test,
    do_state,
    do_secret,
    do_replay,
    do_refused,
    do_remove,
]
