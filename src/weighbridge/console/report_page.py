"""The page of reports: choose one, read it at once, take it away as a signed pack. Works without scripts."""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.form_calls import checked, fields, refusal
from weighbridge.console.page import Notice, page
from weighbridge.fleet import groups, report_routes
from weighbridge.fleet.evidence import Report
from weighbridge.fleet.evidence_packs import PACKS
from weighbridge.fleet.evidence_report import MOST_DAYS
from weighbridge.fleet.given import GivenDraw, GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.report_routes import USUAL_DAYS, GroupName, WantedPack
from weighbridge.fleet.server import Server
from weighbridge.host.page_printer import can_print
from weighbridge.model.errors import WeighbridgeError

_SHOWN = 10
"""Rows of one answer on the page; the pack has more."""
_READ = needs(Permission.FLEET_READ)
PackName = Annotated[str, Parameter(max_length=64)]
DayText = Annotated[str, Parameter(max_length=8)]


@get("/reports", opt=_READ, include_in_schema=False)
async def show_reports(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    pack: PackName = "",
    days: DayText = "",
    group: GroupName = "",
) -> Response[str]:
    """Show the reports that there are, and the one that was chosen."""
    if not pack:
        return await _page(request, server, viewer)
    try:
        wanted = _wanted(days, group)
        return await _page(request, server, viewer, pack=pack, wanted=wanted)
    except WeighbridgeError as error:
        if error.code != "E-request":
            raise
        return await _page(request, server, viewer, notice=refusal(error), status=400)


@post("/reports", opt=_READ, include_in_schema=False, status_code=200)
async def do_pack(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, draw: GivenDraw
) -> Response[bytes] | Response[str]:
    """Make a signed pack of the report that was chosen."""
    form = await fields(request)
    try:
        wanted = _wanted(form.get("days", ""), form.get("group", ""), pdf="pdf" in form)
        made = await report_routes.new_pack(server, viewer, draw, form.get("pack", ""), wanted)
    except WeighbridgeError as error:
        return await _page(request, server, viewer, notice=refusal(error), status=int(getattr(error, "status", 400)))
    return report_routes.answer(made)


def _wanted(days: str, group: str, *, pdf: bool = False) -> WantedPack:
    """Return what a form asks for. Raises WeighbridgeError `E-request`."""
    return checked({"days": days or str(USUAL_DAYS), "group": group, "pdf": pdf}, WantedPack)


async def _page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    *,
    pack: str = "",
    wanted: WantedPack | None = None,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[str]:
    chosen = wanted or WantedPack()
    report: Report | None = None
    if pack:
        report = await report_routes.read_report(server, viewer, pack, chosen.days, chosen.group)
    found = await server.store.read(lambda connection: groups.every(connection, viewer.scope))
    twin = f"/api/v1/reports/{pack}?{request.url.query}" if pack else "/api/v1/reports"
    return page(
        request,
        server,
        viewer,
        "reports.html",
        here="/reports",
        twin=twin,
        status=status,
        notice=notice,
        packs=[report_routes.info(report_routes.named(name)) for name in PACKS],
        chosen=pack,
        days=chosen.days,
        most_days=MOST_DAYS,
        group=chosen.group,
        groups=[one.name for one in found if one.name],
        key=(await report_routes.keys_of(server)).signer.public.text,
        r=report,
        can_print=can_print(),
        most=_SHOWN,
    )


ROUTES = [show_reports, do_pack]
