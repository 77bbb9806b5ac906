"""Groups and their rules, labels, and who answers for repositories, for administrators."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, page
from weighbridge.fleet import config_applied, context_routes, group_routes
from weighbridge.fleet.business_context import DATA_CLASSES
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.groups import RULE_FIELDS, Group
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import counted

_MANAGE: dict[str, Any] = {"opt": needs(Permission.ENDPOINTS_MANAGE), "include_in_schema": False}
_AFTER: dict[str, Any] = {**_MANAGE, "status_code": 200}
_HERE = "/settings/groups"


@get(_HERE, **_MANAGE)
async def show_groups(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show groups, labels and repositories."""
    return await _page(request, server, viewer)


@post(_HERE, **_AFTER)
async def do_describe(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Describe a group, and put endpoints where the rules say."""

    async def job(form: dict[str, str]) -> Notice:
        values: dict[str, object] = {name: form[name] for name in ("note", "rule", "place") if name in form}
        wanted = checked(values, group_routes.GroupText)
        done = await call(group_routes.describe_group, server, viewer, form.get("name", "")[:64], wanted)
        return Notice("success", f"The group is as you said; {counted(done.moved, 'endpoint')} moved.")

    return await _after(request, server, viewer, job)


@post(_HERE + "/forget", **_AFTER)
async def do_forget(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Forget note and rule of a group."""

    async def job(form: dict[str, str]) -> Notice:
        done = await call(group_routes.forget_group, server, viewer, form.get("name", "")[:64])
        return Notice("success", f"Note and rule are forgotten; {counted(done.moved, 'endpoint')} moved.")

    return await _after(request, server, viewer, job)


@post(_HERE + "/repositories", **_AFTER)
async def do_repository(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Say who answers for a repository."""

    async def job(form: dict[str, str]) -> Notice:
        names = ("name", "owner", "data_class", "note")
        wanted = checked({name: form[name] for name in names if name in form}, context_routes.RepositoryContext)
        written = await call(context_routes.describe_repository, server, viewer, wanted)
        return Notice("success", f"{written.name} is written.")

    return await _after(request, server, viewer, job)


@post(_HERE + "/repositories/forget", **_AFTER)
async def do_forget_repository(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Forget what the business said of a repository."""

    async def job(form: dict[str, str]) -> Notice:
        wanted = checked({"name": form.get("name", "")}, context_routes.NamedRepository)
        await call(context_routes.forget_repository, server, viewer, wanted)
        return Notice("success", "The repository is forgotten.")

    return await _after(request, server, viewer, job)


async def _after(
    request: WebRequest, server: Server, viewer: Viewer, job: Callable[[dict[str, str]], Awaitable[Notice]]
) -> Response[str]:
    form = await fields(request)
    try:
        return await _page(request, server, viewer, await job(form))
    except WeighbridgeError as error:
        return await _page(request, server, viewer, refusal(error), getattr(error, "status", 400), form)


async def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    notice: Notice | None = None,
    status: int = 200,
    form: dict[str, str] | None = None,
) -> Response[str]:
    return page(
        request,
        server,
        viewer,
        "groups.html",
        here=_HERE,
        twin="/api/v1/groups",
        status=status,
        notice=notice,
        form=form or {},
        groups=sorted(await call(group_routes.list_groups, server, viewer), key=_rank),
        labels=await call(group_routes.list_labels, server, viewer),
        repositories=await call(context_routes.list_repositories, server),
        rule_fields=RULE_FIELDS,
        classes=DATA_CLASSES,
        files=await server.store.read(config_applied.managed),
        only_files=server.settings.managed_by_files,
    )


def _rank(one: Group) -> tuple[bool, int, str]:
    """Order groups as their rules count; those that nobody described come last."""
    return one.place is None, one.place or 0, one.name


ROUTES = [show_groups, do_describe, do_forget, do_repository, do_forget_repository]
