"""One page: a template with what every page shows beside its own (who reads it, where one is, the token of forms)."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from litestar import Response
from litestar.enums import MediaType

from weighbridge.console.navigation import reachable
from weighbridge.console.pinned import pinned
from weighbridge.console.render import render
from weighbridge.fleet.given import WebRequest
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.server import Server
from weighbridge.fleet.sessions import form_token


class Notice(NamedTuple):
    """A sentence above the page: `role` is a role of color."""

    role: str
    text: str


def page(
    request: WebRequest,
    server: Server,
    viewer: Viewer | None,
    template: str,
    *,
    here: str = "",
    twin: str = "",
    status: int = 200,
    notice: Notice | None = None,
    **values: object,
) -> Response[str]:
    """Return a page.

    Args:
        request: what asked for it.
        server: whose page it is.
        viewer: who reads it; None before they signed in.
        template: its file.
        here: the path in the navigation that it belongs to.
        twin: the address of the same in JSON.
        status: of HTTP.
        notice: what is said above it.
        values: what the template asks for.
    """
    secret = request.cookies.get(server.cookie, "")
    text = render(
        template,
        datetime.fromtimestamp(server.clock() / 1000, UTC),
        viewer=viewer,
        pins=pinned(request),
        navigation=[] if viewer is None else reachable(viewer),
        here=here,
        twin=twin,
        notice=notice,
        form_token=form_token(secret) if viewer is not None and secret else "",
        **values,
    )
    headers = {"Cache-Control": "no-store"}
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def see_other(path: str, **more: Any) -> Response[None]:  # noqa: ANN401  (whatever a response takes)
    """Return the answer to a form that did what it should: go and look there. Source: RFC 9110, 15.4.4."""
    return Response(None, status_code=303, headers={"Location": path}, **more)
