"""What the bar under the list of findings sends: a decision about the marked ones, and its undoing."""

from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Response, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from weighbridge.console.page import see_other
from weighbridge.fleet import triage_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.query_syntax import LONGEST
from weighbridge.fleet.triage import MOST_AT_ONCE, Which

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
        int(days) if days.isdecimal() and len(days) < 4 else 0,
    )
    query = str(form.get("q") or "")[:LONGEST]
    return see_other("/findings?" + urlencode({"q": query, "changed": done.changed, "undo": done.change_id}))


@post("/findings/undo", **_TRIAGE)
async def do_undo(server: GivenServer, viewer: GivenViewer, data: Undo) -> Response[Any]:
    """Take a decision back."""
    await triage_routes.undo(server, viewer, data.get("change", "")[:64])
    return see_other("/findings?" + urlencode({"q": data.get("q", "")[:LONGEST]}))


ROUTES = [do_triage, do_undo]
