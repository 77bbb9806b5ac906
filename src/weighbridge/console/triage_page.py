"""Deciding about findings: what the bar under their list sends, the form for all that a query matches, and undoing."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from weighbridge.console.form_calls import fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import triage_all, triage_routes
from weighbridge.fleet.asking import Query
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.query_syntax import LONGEST
from weighbridge.fleet.server import Server
from weighbridge.fleet.triage import MOST_AT_ONCE, Which
from weighbridge.model.errors import WeighbridgeError

_TRIAGE: dict[str, Any] = {"opt": needs(Permission.FINDINGS_TRIAGE), "include_in_schema": False}
Undo = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@post("/findings/triage", **_TRIAGE)
async def do_triage(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Decide about the marked findings and go back to the list, which says what was done and how to undo it."""
    form = await request.form()
    marked = [str(one) for one in form.getall("finding", [])][:MOST_AT_ONCE]
    which = [Which(*one.split("-", 1)) for one in marked if "-" in one]
    days = str(form.get("days") or "0")
    done = await triage_routes.decide(
        server,
        viewer,
        which,
        str(form.get("state") or ""),
        str(form.get("reason") or "")[:2000],
        _number(days) if len(days) < 4 else 0,
    )
    query = str(form.get("q") or "")[:LONGEST]
    return see_other("/findings?" + urlencode({"q": query, "changed": done.changed, "undo": done.change_id}))


@get("/findings/all", **_TRIAGE)
async def show_all(request: WebRequest, server: GivenServer, viewer: GivenViewer, q: Query = "") -> Response[Any]:
    """Show what a decision about everything that a query matches would be about, and the form for it."""
    return await _about_all(request, server, viewer, q)


@post("/findings/all", **_TRIAGE)
async def do_all(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Decide about everything that a query matches; where that is not possible, say why above the same form."""
    form = await fields(request)
    query = form.get("q", "")[:LONGEST]
    try:
        done = await triage_routes.decide_all(
            server,
            viewer,
            query,
            _number(form.get("expected", "")),
            form.get("state", ""),
            form.get("reason", "")[:2000],
            _number(form.get("days", "")),
        )
    except WeighbridgeError as error:
        return await _about_all(request, server, viewer, query, refusal(error), getattr(error, "status", 400))
    return see_other("/findings?" + urlencode({"q": query, "changed": done.changed, "undo": done.change_id}))


async def _about_all(
    request: WebRequest, server: Server, viewer: Viewer, query: str, notice: Notice | None = None, status: int = 200
) -> Response[Any]:
    found = await server.store.read(
        lambda connection: triage_all.matching(connection, viewer.scope, query, now(server))
    )
    return page(
        request,
        server,
        viewer,
        "findings_all.html",
        here="/findings",
        twin="/api/v1/findings/matching?" + urlencode({"q": query}),
        status=status,
        notice=notice,
        matching=found,
        query=query,
        worst_first=SEVERITIES[::-1],
        may_accept=viewer.may(Permission.REQUESTS_DECIDE),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


@post("/findings/undo", **_TRIAGE)
async def do_undo(server: GivenServer, viewer: GivenViewer, data: Undo) -> Response[Any]:
    """Take a decision back."""
    await triage_routes.undo(server, viewer, data.get("change", "")[:64])
    return see_other("/findings?" + urlencode({"q": data.get("q", "")[:LONGEST]}))


ROUTES = [do_triage, show_all, do_all, do_undo]
