"""Exceptions: who asks for what, who decides, and until when; one page for all, one for each with its history."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import exception_routes, exceptions, ruling_signing
from weighbridge.fleet.exception_routes import ExceptionDecision, NewException, Renewal
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_SEE: dict[str, Any] = {"opt": needs(Permission.OWN_DEVICE), "include_in_schema": False}
_ASK: dict[str, Any] = {"opt": needs(Permission.EXCEPTIONS_ASK), "include_in_schema": False, "status_code": 200}
_DECIDE: dict[str, Any] = {"opt": needs(Permission.REQUESTS_DECIDE), "include_in_schema": False, "status_code": 200}
_HERE = "/exceptions"
_FIELDS = ("rule", "check", "sha256", "thing", "scope", "scope_of", "owner", "reason", "days")
Filled = Annotated[str, Parameter(max_length=100)]
_SAID = {
    "asked": "Asked. Somebody else decides; nothing changes until then.",
    "granted": "Granted. Findings here are accepted until its end; endpoints follow when it is signed.",
    "refused": "Refused.",
    "withdrawn": "Withdrawn; the finding is there again.",
    "undone": "Taken back; it is as it was before.",
}


@get(_HERE, **_SEE)
async def show_exceptions(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    rule: Filled = "",
    check: Filled = "",
    sha256: Filled = "",
    endpoint: Filled = "",
) -> Response[Any]:
    """List exceptions; what the address names stands in the form already."""
    given = {"rule": rule, "check": check, "sha256": sha256, "scope_of": endpoint}
    return await _listed(request, server, viewer, {name: value for name, value in given.items() if value})


@post(_HERE, **_ASK)
async def do_ask(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Ask for an exception, and show it."""
    form = await fields(request)
    try:
        data = checked({name: form[name] for name in _FIELDS if name in form}, NewException)
        made = await call(exception_routes.ask_for_exception, server, viewer, data)
    except WeighbridgeError as error:
        return await _listed(request, server, viewer, form, refusal(error), getattr(error, "status", 400))
    return see_other(f"{_HERE}/{made.exception_id}?done=asked")


@get(_HERE + "/{exception_id:str}", **_SEE)
async def show_exception(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, exception_id: Id, done: Filled = ""
) -> Response[Any]:
    """Show one exception with every step of it, and what can be decided."""
    said = _SAID.get(done)
    return await _one(request, server, viewer, exception_id, Notice("success", said) if said else None)


@post(_HERE + "/{exception_id:str}", **_DECIDE)
async def do_decide(request: WebRequest, server: GivenServer, viewer: GivenViewer, exception_id: Id) -> Response[Any]:
    """Grant, refuse or withdraw it, or take the last decision back."""
    form = await fields(request)
    try:
        if form.get("state") == "undone":
            done = "undone"
            await call(exception_routes.undo_exception, server, viewer, exception_id)
        else:
            wanted: dict[str, object] = {"state": ""}
            wanted |= {name: form[name] for name in ("state", "reason", "days") if name in form}
            data = checked(wanted, ExceptionDecision)
            done = (await call(exception_routes.decide_exception, server, viewer, exception_id, data)).state
    except WeighbridgeError as error:
        return await _one(request, server, viewer, exception_id, refusal(error), getattr(error, "status", 400))
    return see_other(f"{_HERE}/{exception_id}?done={done}")


@post(_HERE + "/{exception_id:str}/renew", **_ASK)
async def do_renew(request: WebRequest, server: GivenServer, viewer: GivenViewer, exception_id: Id) -> Response[Any]:
    """Ask for the same once more."""
    form = await fields(request)
    try:
        data = checked({name: form[name] for name in ("days", "reason") if name in form}, Renewal)
        made = await call(exception_routes.renew_exception, server, viewer, exception_id, data)
    except WeighbridgeError as error:
        return await _one(request, server, viewer, exception_id, refusal(error), getattr(error, "status", 400))
    return see_other(f"{_HERE}/{made.exception_id}?done=asked")


async def _listed(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    form: dict[str, str],
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    now = server.clock()

    def job(connection: Any) -> tuple[Any, Any]:  # noqa: ANN401  (records of the fleet)
        roles = ruling_signing.states(connection, now) if viewer.may(Permission.FLEET_READ) else []
        return exceptions.listed(connection, viewer.scope), roles

    found, roles = await server.store.read(job)
    return page(
        request,
        server,
        viewer,
        "exceptions.html",
        here=_HERE,
        twin="/api/v1/exceptions",
        status=status,
        notice=notice,
        found=found,
        roles=[one for one in roles if one.role == "exceptions"],
        form={"scope_of": viewer.scope.endpoint_id or "", "days": "30"} | form,
        whole=viewer.scope == EVERYTHING,
        own=viewer.scope.endpoint_id,
        now_at=now,
    )


async def _one(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    exception_id: str,
    notice: Notice | None = None,
    status: int = 200,
) -> Response[Any]:
    found = await server.store.read(lambda connection: exception_routes.story(connection, viewer.scope, exception_id))
    return page(
        request,
        server,
        viewer,
        "exception.html",
        here=_HERE,
        twin=f"/api/v1/exceptions/{exception_id}",
        status=status,
        notice=notice,
        x=found.exception,
        history=found.history,
        now_at=server.clock(),
    )


ROUTES = [show_exceptions, do_ask, show_exception, do_decide, do_renew]
