"""Deciding on releases: those that wait, and one with all evidence on a page and what can be done with it."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import Parameter
from sqlalchemy import Connection

from weighbridge.console.catalog_page import CLASSES, STATES
from weighbridge.console.form_calls import fields, refusal
from weighbridge.console.page import Notice, page, see_other
from weighbridge.fleet import spread
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server
from weighbridge.hub import lifecycle, releases, weighed
from weighbridge.hub.approval import USUAL, Approval
from weighbridge.hub.convert_job import ENDINGS as CHECKPOINTS
from weighbridge.hub.given import GivenHub
from weighbridge.hub.hub import Hub
from weighbridge.hub.pull_routes import ShownPull, who_pulled
from weighbridge.hub.pulls import write_pulls
from weighbridge.hub.release_routes import Evidence, difference, evidence
from weighbridge.hub.releases import Release
from weighbridge.hub.review import waiting
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError

_DECIDE: dict[str, Any] = {"opt": needs(Permission.REQUESTS_DECIDE), "include_in_schema": False}
_READ: dict[str, Any] = {"opt": needs(Permission.MODELS_READ), "include_in_schema": False}
_HERE = "/catalog/review"
_OTHERS = 50
_SAID = {
    "approve": "Approved: every tool finds it from now on.",
    "reject": "Rejected; who asked for it is told why.",
    "deprecate": "Deprecated: it is served with a word of what to use instead.",
    "revoke": "Revoked: it is served no more, and caches are told to forget it.",
    "renew": "Renewed.",
    "review": "Back in review; it is not served meanwhile.",
    "weigh": "It is weighed again.",
    "convert": "Its checkpoints are written as safetensors, into another release; see below in a moment.",
}


@get(_HERE, **_DECIDE)
async def show_queue(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Show what waits for a decision, what is under way and what failed."""
    found = await server.store.read(lambda connection: waiting(connection, viewer))
    return page(
        request, server, viewer, "review_queue.html", here=_HERE, twin="/api/v1/releases", found=found, looks=STATES
    )


@get(_HERE + "/{release_id:str}", **_DECIDE)
async def show_review(
    request: WebRequest,
    server: GivenServer,
    hub: GivenHub,
    viewer: GivenViewer,
    release_id: Id,
    done: Annotated[str, Parameter(max_length=16)] = "",
) -> Response[Any]:
    """Show one release with all evidence, and what can be decided."""
    said = _SAID.get(done)
    return await _shown(request, server, hub, viewer, release_id, Notice("success", said) if said else None)


@post(_HERE + "/{release_id:str}", **_DECIDE, status_code=200)
async def do_decide(
    request: WebRequest, server: GivenServer, hub: GivenHub, viewer: GivenViewer, release_id: Id
) -> Response[Any]:
    """Decide on it, and show it."""
    form = await fields(request)
    try:
        done = await _decided(hub, viewer, release_id, form)
    except WeighbridgeError as error:
        status = getattr(error, "status", 400)
        return await _shown(request, server, hub, viewer, release_id, refusal(error), status, form)
    return see_other(f"{_HERE}/{release_id}?done={done}")


async def _decided(hub: Hub, viewer: Viewer, release_id: str, form: dict[str, str]) -> str:
    """Do what a form says; return what was done."""
    step, why, instead = form.get("step", ""), form.get("why", ""), form.get("replaced_by", "").strip()
    if step == "approve":
        await lifecycle.approve(hub, viewer, release_id, _approval(form), why=why)
    elif step == "renew":
        await lifecycle.renew(hub, viewer, release_id, _days(form), why=why)
    elif step == "reject":
        await lifecycle.reject(hub, viewer, release_id, why)
    elif step == "deprecate":
        await lifecycle.deprecate(hub, viewer, release_id, why, replaced_by=instead)
    elif step == "revoke":
        everywhere = form.get("everywhere") == "yes"
        await lifecycle.revoke(hub, viewer, release_id, why, replaced_by=instead, everywhere=everywhere)
    elif step == "review":
        await lifecycle.back_to_review(hub, viewer, release_id, why)
    elif step == "weigh":
        await lifecycle.weigh_again(hub, viewer, release_id)
    elif step == "convert":
        await lifecycle.convert(hub, viewer, release_id)
    else:
        raise WeighbridgeError("E-request", "nothing was chosen", "choose what is to be done with the release")
    return step


def _approval(form: dict[str, str]) -> Approval:
    return Approval(
        guidance=form.get("guidance", ""),
        data_classes=tuple(one for one in CLASSES if form.get(f"data_{one}")),
        owner=form.get("owner", ""),
        days=_days(form),
        version=form.get("version", ""),
    )


def _days(form: dict[str, str]) -> int:
    days = form.get("days", str(USUAL))
    if not (days.isascii() and days.isdigit() and len(days) < 6):
        raise WeighbridgeError("E-approval", "the days are no number", "write 1 to 1095")
    return int(days)


async def _shown(
    request: WebRequest,
    server: Server,
    hub: Hub,
    viewer: Viewer,
    release_id: str,
    notice: Notice | None,
    status: int = 200,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    async def who_has_it() -> tuple[list[ShownPull] | None, int]:
        if not viewer.may(Permission.RECORDS_READ):
            return None, 0
        await write_pulls(hub)
        return await server.store.read(lambda connection: _who_has(connection, viewer, release_id))

    def job(connection: Connection) -> tuple[Evidence, list[Release]]:
        found = evidence(connection, viewer, release_id)
        known = releases.of_model(connection, found.model.model_id, limit=_OTHERS)
        return found, [one for one in known if one.release_id != release_id]

    found, others = await server.store.read(job)
    moves = found.may_become
    if not moves:  # somebody who may read it and does not decide
        raise not_found("release")
    pulled, endpoints = await who_has_it()
    given = form or {
        "guidance": found.release.guidance,
        "owner": found.model.owner,
        "version": found.release.version,
        **{f"data_{one}": "yes" for one in found.release.data_classes.split(",") if one},
    }
    return page(
        request,
        server,
        viewer,
        "review.html",
        here=_HERE,
        twin=f"/api/v1/releases/{release_id}",
        status=status,
        notice=notice,
        v=found,
        others=others,
        pulls=pulled,
        endpoints=endpoints,
        form=given,
        may={
            "approve": State.APPROVED in moves and found.release.state is not State.DEPRECATED,
            "renew": found.release.is_served,
            "reject": State.REJECTED in moves,
            "deprecate": State.DEPRECATED in moves,
            "revoke": State.REVOKED in moves,
            "review": State.REVIEW in moves,
            "weigh": State.WEIGHING in moves or found.release.state is State.FAILED,
            "convert": found.release.state is not State.REVOKED
            and not found.release.is_tombstone
            and any(one.path.endswith(CHECKPOINTS) for one in found.files),
        },
        days=USUAL,
        classes=CLASSES,
        looks=STATES,
        four_eyes=hub.server.settings.hub_four_eyes,
    )


def _who_has(connection: Connection, viewer: Viewer, release_id: str) -> tuple[list[ShownPull], int]:
    """Return who pulled a release, and on how many endpoints that the viewer sees its weights are."""
    said = weighed.of_release(connection, release_id)
    told = spread.of_digests(connection, viewer.scope, said.weighing.weights if said else ())
    return who_pulled(connection, release_id), max((one.endpoints for one in told.values()), default=0)


@get("/catalog/compare/{release_id:str}/{other_id:str}", **_READ)
async def show_difference(
    request: WebRequest, server: GivenServer, viewer: GivenViewer, release_id: Id, other_id: Id
) -> Response[Any]:
    """Show how one release differs from another: files, license, findings, verdict."""
    found = await server.store.read(lambda connection: difference(connection, viewer, release_id, other_id))
    return page(
        request,
        server,
        viewer,
        "release_difference.html",
        here="/catalog",
        twin=f"/api/v1/releases/{release_id}/compare/{other_id}",
        d=found,
        looks=STATES,
    )


ROUTES = [show_queue, show_review, do_decide, show_difference]
