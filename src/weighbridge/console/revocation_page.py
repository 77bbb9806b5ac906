"""Revoking a model: what it touches, seen before anybody confirms and after; and the list of what is revoked."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import Parameter

from weighbridge.console.form_calls import fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import revocation_routes, revocations
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.revocation_touch import touched
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import counted

_READ: dict[str, Any] = {"opt": needs(Permission.FLEET_READ), "include_in_schema": False}
_DECIDE: dict[str, Any] = {"opt": needs(Permission.REQUESTS_DECIDE), "include_in_schema": False, "status_code": 200}
_HERE = "/revocations"
Looked = Annotated[str, Parameter(max_length=100)]
Done = Annotated[str, Parameter(max_length=16)]


@get(_HERE, **_READ)
async def show_revocations(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, sha256: Looked = ""
) -> Response[Any]:
    """List what is revoked; with a digest, go to what it touches."""
    problem = None
    if sha256:
        try:
            return see_other(f"{_HERE}/{revocations.digest_of(sha256)}")
        except WeighbridgeError as error:
            problem = refusal(error)
    now = server.clock()
    found = await server.store.read(lambda connection: revocation_routes.overview(connection, now))
    return page(
        request,
        server,
        viewer,
        "revocations.html",
        here=_HERE,
        twin="/api/v1/revocations",
        status=400 if problem else 200,
        notice=problem,
        r=found,
        looked=sha256,
        may=_may(viewer),
    )


@get(_HERE + "/{sha256:str}", **_READ)
async def show_revocation(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, sha256: revocation_routes.Sha256, done: Done = ""
) -> Response[Any]:
    """Show what a digest touches, with the form that revokes it or takes that back."""
    said = _SAID.get(done)
    return await _shown(request, server, viewer, sha256, Notice("success", said) if said else None)


@post(_HERE + "/{sha256:str}", **_DECIDE)
async def do_revoke(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, sha256: revocation_routes.Sha256
) -> Response[Any]:
    """Revoke the digest, and show what that touched."""
    form = await fields(request)
    try:
        await revocation_routes.revoke(server, viewer, sha256, form.get("reason", ""), form.get("replacement", ""))
    except WeighbridgeError as error:
        return await _shown(request, server, viewer, sha256, refusal(error), getattr(error, "status", 400), form)
    return see_other(f"{_HERE}/{revocations.digest_of(sha256)}?done=revoked")


@post(_HERE + "/{sha256:str}/lift", **_DECIDE)
async def do_lift(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, sha256: revocation_routes.Sha256
) -> Response[Any]:
    """Take the revocation back."""
    form = await fields(request)
    try:
        await revocation_routes.lift(server, viewer, sha256, form.get("reason", ""))
    except WeighbridgeError as error:
        return await _shown(request, server, viewer, sha256, refusal(error), getattr(error, "status", 400), form)
    return see_other(f"{_HERE}/{revocations.digest_of(sha256)}?done=lifted")


_SAID = {
    "revoked": "Revoked here. Findings stand on every endpoint that has it; each new one gets its own.",
    "lifted": "Taken back here, and the findings are over.",
}


async def _shown(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    sha256: str,
    notice: Notice | None,
    status: int = 200,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    now = server.clock()

    def job(connection: Any) -> tuple[Any, Any]:  # noqa: ANN401  (two records of the fleet)
        return touched(connection, viewer.scope, sha256), revocation_routes.overview(connection, now).roles

    found, roles = await server.store.read(job)
    return page(
        request,
        server,
        viewer,
        "revocation.html",
        here=_HERE,
        twin=f"/api/v1/revocations/{found.sha256}",
        status=status,
        notice=notice,
        t=found,
        roles={one.role: one for one in roles},
        may=_may(viewer),
        form=form or {},
        reach=_reach(found),
    )


def _reach(found: Any) -> str:  # noqa: ANN401  (`Touched`)
    """Return in one sentence what it touches."""
    if not found.endpoints and not found.gone and not found.running and not found.ran:
        return "Nobody ever saw it here. A revocation waits for it."
    runs = f"{counted(found.running, 'process', 'processes')} run{'s' if found.running == 1 else ''} it"
    have = f"{counted(found.endpoints, 'endpoint')} {'has' if found.endpoints == 1 else 'have'} it"
    people = counted(len(found.people), "person", "people")
    return f"{have}, {found.gone:,} had it; {runs}, {found.ran:,} did; {people} known."


def _may(viewer: Viewer) -> bool:
    return viewer.may(Permission.REQUESTS_DECIDE) and viewer.scope == EVERYTHING


ROUTES = [show_revocations, show_revocation, do_revoke, do_lift]
