"""Requests for models under /api/v1: asking, following, refusing."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.hub import jobs, lifecycle, releases, requests, steps
from weighbridge.hub.caller import Caller, may_read, may_review
from weighbridge.hub.given import GivenHub
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.hub.names import parse_name
from weighbridge.hub.releases import Release
from weighbridge.hub.requests import LONGEST_REASON, STATES, ModelRequest
from weighbridge.hub.steps import Step

_ASK, _DECIDE = needs(Permission.MODELS_REQUEST), needs(Permission.REQUESTS_DECIDE)
Status = Annotated[str, QueryParameter(max_length=16)]
Mine = Annotated[bool, QueryParameter()]


class NewModelRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which model somebody wants, and what for."""

    name: Annotated[str, Meta(max_length=200)]
    """`namespace/name`, as it is called upstream."""
    why: Annotated[str, Meta(max_length=LONGEST_REASON)]
    task: Annotated[str, Meta(max_length=64)] = ""
    data_classes: Annotated[list[Annotated[str, Meta(max_length=16)]], Meta(max_length=16)] = []
    """Data that they would give it."""
    revision: Annotated[str, Meta(max_length=128)] = "main"


class RequestRefusal(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why nothing comes of a request."""

    reason: Annotated[str, Meta(max_length=500)]


class RequestStory(Struct, frozen=True, kw_only=True):
    """A request, how far it is, and what was decided."""

    request: ModelRequest
    release: Release | None
    steps: list[Step]
    jobs: list[Job]
    """Work on it that waits, runs or failed."""


@get("/api/v1/model-requests", opt=_ASK)
async def list_model_requests(
    server: GivenServer, viewer: GivenViewer, status: Status = "", mine: Mine = False
) -> list[ModelRequest]:
    """List requests, the newest first: one's own; all of them for who decides, unless `mine` is asked for."""
    wanted = status if status in STATES else ""

    def job(connection: Connection) -> list[ModelRequest]:
        own = mine or not viewer.may(Permission.REQUESTS_DECIDE)
        found = requests.listed(connection, account_id=viewer.account_id if own else "", state=wanted)
        return [one for one in found if is_seen(connection, viewer, one)]

    return await server.store.read(job)


@post("/api/v1/model-requests", opt=_ASK)
async def ask_for_model(hub: GivenHub, viewer: GivenViewer, data: JSONBody[NewModelRequest]) -> ModelRequest:
    """Ask for a model. The same model asked for twice is one request."""
    return await ask(hub, viewer, data)


@get("/api/v1/model-requests/{request_id:str}", opt=_ASK)
async def show_model_request(server: GivenServer, viewer: GivenViewer, request_id: Id) -> RequestStory:
    """Show a request of one's own, or any for who decides: how far it is, what was decided and why."""
    return await server.store.read(lambda connection: story(connection, viewer, request_id))


@post("/api/v1/model-requests/{request_id:str}/refuse", opt=_DECIDE, status_code=200)
async def refuse_model_request(
    hub: GivenHub, viewer: GivenViewer, request_id: Id, data: JSONBody[RequestRefusal]
) -> ModelRequest:
    """Refuse a request of which no release came yet; one that has a release is decided there."""
    return await refuse(hub, viewer, request_id, data.reason)


async def ask(hub: Hub, viewer: Viewer, data: NewModelRequest) -> ModelRequest:
    """Ask for a model for a viewer. Raises WeighbridgeError `E-model-name`, `E-model-request`."""
    now, name, fetches = hub.server.clock(), parse_name(data.name), bool(hub.server.settings.upstream)
    more = {"why": data.why, "task": data.task, "revision": data.revision}
    classes = tuple(data.data_classes)
    made = await hub.server.store.write(
        lambda connection: requests.ask(connection, now, viewer, name, **more, data_classes=classes, fetches=fetches)
    )
    hub.work.set()
    return made


async def refuse(hub: Hub, viewer: Viewer, request_id: str, reason: str) -> ModelRequest:
    """Refuse a request for a viewer. Raises RefusedError: 404; WeighbridgeError `E-reason`, `E-model-request`."""
    why = lifecycle.reason_of(reason)

    def job(connection: Connection) -> ModelRequest:
        now = hub.server.clock()
        found = requests.find(connection, request_id)
        if found is None or not _decides(connection, viewer, found):
            raise not_found("request")
        requests.check_open(found)
        jobs.cancel(connection, now, request_id, "the request was refused")
        requests.refuse(connection, now, request_id, why)
        steps.note(connection, now, viewer, "refuse", request_id, why=why, detail={"model": found.name})
        return requests.by_id(connection, request_id)

    return await hub.server.store.write(job)


def story(connection: Connection, viewer: Viewer, request_id: str) -> RequestStory:
    """Return a request with what became of it. Raises RefusedError: 404."""
    found = requests.find(connection, request_id)
    if found is None or not is_seen(connection, viewer, found):
        raise not_found("request")
    release = releases.find(connection, found.release_id) if found.release_id else None
    subjects = [one for one in (request_id, found.release_id) if one]
    work = [job for subject in subjects for job in jobs.about(connection, subject) if job.state != jobs.DONE]
    return RequestStory(request=found, release=release, steps=steps.about(connection, subjects), jobs=work)


def is_seen(connection: Connection, viewer: Viewer, request: ModelRequest) -> bool:
    """Tell whether a viewer sees a request: those who made or joined it, and who decides about its namespace.

    Who asked while the namespace was open, and may not read in it now, sees no more what becomes of it.
    """
    if _decides(connection, viewer, request):
        return True
    namespace = request.name.partition("/")[0]
    asked = any(one.account_id == viewer.account_id for one in request.askers)
    return asked and may_read(connection, Caller(viewer=viewer), namespace, open_to_all=False)


def _decides(connection: Connection, viewer: Viewer, request: ModelRequest) -> bool:
    return may_review(connection, Caller(viewer=viewer), request.name.partition("/")[0])


ROUTES = [list_model_requests, ask_for_model, show_model_request, refuse_model_request]
