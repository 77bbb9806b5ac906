"""The page of one endpoint: what the fleet knows of it, and for who manages it, what people say and decide of it."""

import re
from typing import Any, NamedTuple

from litestar import Response, get, post
from sqlalchemy import Connection

from weighbridge.console.form_calls import answered, call, checked, fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import (
    business_context,
    config_applied,
    enrollment_routes,
    grouping,
    groups,
    labels,
    list_routes,
    settle_routes,
)
from weighbridge.fleet.business_context import DATA_CLASSES
from weighbridge.fleet.endpoint_page import EndpointPage
from weighbridge.fleet.endpoints import FORKED
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_AFTER: dict[str, Any] = {"opt": needs(Permission.ENDPOINTS_MANAGE), "include_in_schema": False, "status_code": 200}
_HERE = "/endpoints/{endpoint_id:str}"
COPIED = "ledger-forked"
"""The finding on a copied machine; an old state that was put back is none."""


class Business(NamedTuple):
    """What people say of an endpoint, for the form that changes it."""

    owner: str
    group: str
    by_hand: bool
    """Whether somebody chose the group, so that rules do not."""
    data_class: str
    labels: str
    """`site=berlin, tier=1`."""
    group_names: list[str]
    by_files: bool
    """Whether files manage all this."""
    only_by_files: bool
    """Whether nothing but files may change it."""
    is_copied: bool
    """Whether a copy of the machine was found, so that neither may send."""


@get(_HERE, opt=needs(Permission.OWN_DEVICE), include_in_schema=False)
async def show_endpoint(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, endpoint_id: Id
) -> Response[Any]:
    """Show everything that the fleet knows about one endpoint."""
    if viewer.scope.endpoint_id == endpoint_id:
        return see_other("/device")
    return await _page(request, server, viewer, endpoint_id)


@post(_HERE + "/business", **_AFTER)
async def do_describe(request: WebRequest, server: GivenServer, viewer: GivenViewer, endpoint_id: Id) -> Response[Any]:
    """Say whose an endpoint is, its group, its labels and the class of data at stake on it."""
    form = await fields(request)
    chosen = form.get("how") == "hand"
    said = (one.partition("=") for one in re.split(r"[,\n]+", form.get("labels", "")) if one.strip())
    values = {
        "owner": form.get("owner", ""),
        "group": form.get("group", "") if chosen else None,
        "data_class": form.get("data_class", ""),
        "labels": {name.strip(): value.strip() for name, _, value in said},
    }
    try:
        facts = checked(values, enrollment_routes.EndpointFacts)
        await call(enrollment_routes.describe_endpoint, server, viewer, endpoint_id, facts)
    except WeighbridgeError as error:
        status = getattr(error, "status", 400)
        if status == 404:
            raise
        return await _page(request, server, viewer, endpoint_id, refusal(error), status)
    return see_other(f"/endpoints/{endpoint_id}#business")


@post(_HERE + "/settle", **_AFTER)
async def do_settle(request: WebRequest, server: GivenServer, viewer: GivenViewer, endpoint_id: Id) -> Response[Any]:
    """Let one of two machines go on as this endpoint, after a copy of it was found."""

    async def job(form: dict[str, str]) -> tuple[Notice, str]:
        reason = checked({"reason": form.get("reason", "")}, enrollment_routes.Reason)
        made = await call(settle_routes.settle_endpoint, server, viewer, endpoint_id, reason)
        return Notice("success", "Type this on the machine that goes on; the other one is shut out then."), made.command

    async def show(notice: Notice | None, status: int, made: str) -> Response[str]:
        return await _page(request, server, viewer, endpoint_id, notice, status, made)

    return await answered(request, job, show)


async def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    endpoint_id: str,
    notice: Notice | None = None,
    status: int = 200,
    made: str = "",
) -> Response[Any]:
    found = await call(list_routes.show_endpoint, server, viewer, endpoint_id)
    return page(
        request,
        server,
        viewer,
        "endpoint.html",
        here="/endpoints",
        twin=f"/api/v1/endpoints/{endpoint_id}",
        status=status,
        notice=notice,
        page=found,
        e=found.endpoint,
        running=sum(one.ended_at is None for one in found.processes),
        records=f"/ledger/{endpoint_id}" if viewer.may(Permission.RECORDS_READ) else "",
        never=(),
        made=made,
        classes=DATA_CLASSES,
        business=await _business(server, viewer, found),
    )


async def _business(server: Server, viewer: Viewer, found: EndpointPage) -> Business | None:
    """Return what the forms of the page show; None for who may not send them."""
    if not viewer.may(Permission.ENDPOINTS_MANAGE):
        return None
    endpoint, endpoint_id = found.endpoint, found.endpoint.endpoint_id

    def read(connection: Connection) -> Business:
        said = labels.of_endpoints(connection, [endpoint_id]).get(endpoint_id, {})
        by_files = config_applied.is_managed(connection, "endpoints", endpoint_id)
        return Business(
            owner=endpoint.owner,
            group=endpoint.group_name,
            by_hand=endpoint_id in grouping.chosen_by_hand(connection, [endpoint_id]),
            data_class=business_context.of_endpoints(connection, [endpoint_id]).get(endpoint_id, ""),
            labels=", ".join(f"{name}={value}" for name, value in said.items()),
            group_names=[one.name for one in groups.described(connection) if one.name],
            by_files=by_files,
            only_by_files=by_files and server.settings.managed_by_files,
            is_copied=endpoint.state == FORKED and any(one.check_id == COPIED for one in found.findings),
        )

    return await server.store.read(read)


ROUTES = [show_endpoint, do_describe, do_settle]
