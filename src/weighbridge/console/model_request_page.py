"""Asking for a model that the catalog does not have, and how that stands."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.catalog_page import CLASSES
from weighbridge.console.form_calls import fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.hub import requests
from weighbridge.hub.given import GivenHub
from weighbridge.hub.hub import Hub
from weighbridge.hub.names import parse_name
from weighbridge.hub.request_routes import is_seen, refuse
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import Look

_ASK: dict[str, Any] = {"opt": needs(Permission.MODELS_REQUEST), "include_in_schema": False}
_HERE = "/catalog/requests"
Words = Annotated[str, Parameter(max_length=200)]
STAGES = {
    "": "being fetched",
    "fetching": "being fetched",
    "quarantined": "to be weighed",
    "weighing": "being weighed",
    "review": "a person decides",
}
"""What a request waits for, by the state of its release."""
WORDS = {requests.DONE: "approved"}
"""How people call a state, where that is another word."""
LOOKS = {
    requests.WAITING: Look("…", "warning"),
    requests.DONE: Look("✓", "success"),
    requests.REFUSED: Look("✗", "error"),
}


@get("/catalog/request", **_ASK)
async def show_request_form(
    request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer, model: Words = ""
) -> Response[Any]:
    """Show the form; what the address names stands in it already."""
    return _form(request, server, hub, viewer, {"model": model})


@post("/catalog/request", **_ASK, status_code=200)
async def do_request(request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer) -> Response[Any]:
    """Ask, and show how it stands."""
    form = await fields(request)
    now = server.clock()
    try:
        name = parse_name(form.get("model", "").strip())
        classes = tuple(one for one in CLASSES if form.get(f"data_{one}"))

        def job(connection: Any) -> requests.ModelRequest:  # noqa: ANN401  (a connection of the store)
            return requests.ask(
                connection,
                now,
                viewer,
                name,
                why=form.get("why", ""),
                task=form.get("task", "").strip(),
                data_classes=classes,
                revision=form.get("revision", "").strip() or "main",
                fetches=bool(hub.server.settings.upstream),
            )

        await server.store.write(job)
    except WeighbridgeError as error:
        return _form(request, server, hub, viewer, form, refusal(error), getattr(error, "status", 400))
    hub.work.set()
    return see_other(f"{_HERE}?done=asked")


@get(_HERE, **_ASK)
async def show_requests(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    done: Annotated[str, Parameter(max_length=16)] = "",
) -> Response[Any]:
    """List requests: one's own, or all for who decides."""
    said = {"asked": "Asked. You will find here what becomes of it.", "refused": "Refused; who asked reads why."}.get(
        done
    )
    return await _list(request, server, viewer, Notice("success", said) if said else None)


@post(_HERE, opt=needs(Permission.REQUESTS_DECIDE), include_in_schema=False, status_code=200)
async def do_refuse(request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer) -> Response[Any]:
    """Refuse a request of which no release came yet."""
    form = await fields(request)
    try:
        await refuse(hub, viewer, form.get("request", "")[:64], form.get("why", ""))
    except WeighbridgeError as error:
        return await _list(request, server, viewer, refusal(error), getattr(error, "status", 400))
    return see_other(f"{_HERE}?done=refused")


async def _list(
    request: WebRequest, server: Server, viewer: Viewer, notice: Notice | None, status: int = 200
) -> Response[Any]:
    decides = viewer.may(Permission.REQUESTS_DECIDE)
    mine = "" if decides else viewer.account_id

    def job(connection: Any) -> list[requests.ModelRequest]:  # noqa: ANN401  (a connection of the store)
        found = requests.listed(connection, account_id=mine)
        return [one for one in found if is_seen(connection, viewer, one)]

    found = await server.store.read(job)
    return page(
        request,
        server,
        viewer,
        "model_requests.html",
        here=_HERE,
        twin="/api/v1/model-requests",
        status=status,
        notice=notice,
        found=found,
        decides=decides,
        looks=LOOKS,
        stages=STAGES,
        words=WORDS,
    )


def _form(
    request: WebRequest,
    server: Server,
    hub: Hub,
    viewer: Viewer,
    form: dict[str, str],
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    return page(
        request,
        server,
        viewer,
        "model_request.html",
        here=_HERE,
        twin="/api/v1/model-requests",
        status=status,
        notice=notice,
        form=form,
        classes=CLASSES,
        fetches=bool(hub.server.settings.upstream),
    )


ROUTES = [show_request_form, do_request, show_requests, do_refuse]
