"""Releases under /api/v1, with all evidence: for who decides about them, and for who uses what is served."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get
from litestar.params import QueryParameter
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.hub import catalog_signing, jobs, models, release_files, releases, requests, steps, weighed
from weighbridge.hub.caller import Caller, may_read, may_review
from weighbridge.hub.jobs import Job
from weighbridge.hub.models import Model
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.release_findings import ReleaseFinding, findings_of
from weighbridge.hub.releases import Release
from weighbridge.hub.requests import ModelRequest
from weighbridge.hub.states import MOVES, State
from weighbridge.hub.steps import Step
from weighbridge.hub.weighed import Weighed

_READ, _DECIDE = needs(Permission.MODELS_READ), needs(Permission.REQUESTS_DECIDE)
_MOST_FILES, _MOST_RELEASES = 1_000, 200
Path = Annotated[str, QueryParameter(max_length=1_024)]
Wanted = Annotated[State, QueryParameter()]


class Listed(Struct, frozen=True, kw_only=True):
    """A release and whose it is."""

    model: Model
    release: Release


class Evidence(Struct, frozen=True, kw_only=True):
    """Everything known of a release."""

    model: Model
    release: Release
    may_become: list[State]
    """States that a decision could bring it into; empty for who does not decide."""
    weighed: Weighed | None
    findings: list[ReleaseFinding]
    """What weighing found, the worst first; the first 100."""
    files: list[ReleaseFile]
    """The first 1,000 by path."""
    requests: list[ModelRequest]
    """Who asked for it, and what for; empty for who does not decide."""
    steps: list[Step]
    """What was done with it, and by whom; empty for who does not decide."""
    jobs: list[Job]
    """Work on it that waits, runs or failed."""
    told: str = ""
    """Whether endpoints know that it may be used: `catalog_signing.told`; empty for who does not decide."""


class FileChange(Struct, frozen=True, kw_only=True):
    """A file that two releases do not have alike; a digest is empty where there is none."""

    path: str
    before: str
    after: str


class Difference(Struct, frozen=True, kw_only=True):
    """How one release differs from another of any model."""

    before: Release
    after: Release
    before_model: str
    """`namespace/name`."""
    after_model: str
    files: list[FileChange]
    """At most 1,000."""
    same_files: int
    weighed_before: Weighed | None
    weighed_after: Weighed | None


@get("/api/v1/releases", opt=_DECIDE)
async def list_releases(server: GivenServer, viewer: GivenViewer, status: Wanted = State.REVIEW) -> list[Listed]:
    """List the releases in a state that this viewer decides about, those that wait for longest first."""

    def job(connection: Connection) -> list[Listed]:
        found = releases.in_state(connection, status, limit=_MOST_RELEASES)
        listed = [Listed(model=models.by_id(connection, one.model_id), release=one) for one in found]
        return [one for one in listed if may_review(connection, Caller(viewer=viewer), one.model.namespace)]

    return await server.store.read(job)


@get("/api/v1/releases/{release_id:str}", opt=_READ)
async def show_release(server: GivenServer, viewer: GivenViewer, release_id: Id) -> Evidence:
    """Show a release with everything that is known of it."""
    return await server.store.read(lambda connection: evidence(connection, viewer, release_id))


@get("/api/v1/releases/{release_id:str}/files", opt=_READ)
async def list_files(server: GivenServer, viewer: GivenViewer, release_id: Id, after: Path = "") -> list[ReleaseFile]:
    """List files of a release by path, those that follow one, 1,000 at a time."""

    def job(connection: Connection) -> list[ReleaseFile]:
        seen(connection, viewer, release_id)
        return release_files.of_release(connection, release_id, after=after, limit=_MOST_FILES)

    return await server.store.read(job)


@get("/api/v1/releases/{release_id:str}/bom", opt=_READ)
async def show_bom(server: GivenServer, viewer: GivenViewer, release_id: Id) -> Response[Any]:
    """Return the bill of materials of a release, CycloneDX."""
    return await _document(server, viewer, release_id, "application/vnd.cyclonedx+json")


@get("/api/v1/releases/{release_id:str}/report", opt=_READ)
async def show_report(server: GivenServer, viewer: GivenViewer, release_id: Id) -> Response[Any]:
    """Return the whole report of the last weighing of a release, json-v1."""
    return await _document(server, viewer, release_id, "application/json")


@get("/api/v1/releases/{release_id:str}/compare/{other_id:str}", opt=_READ)
async def compare_releases(server: GivenServer, viewer: GivenViewer, release_id: Id, other_id: Id) -> Difference:
    """Show how the second release differs from the first: files, license, findings, verdict."""
    return await server.store.read(lambda connection: difference(connection, viewer, release_id, other_id))


def seen(connection: Connection, viewer: Viewer, release_id: str) -> tuple[Model, Release, bool]:
    """Return a release that a viewer sees, its model, and whether they decide about it. Raises RefusedError: 404."""
    release = releases.find(connection, release_id)
    if release is not None:
        model, caller = models.by_id(connection, release.model_id), Caller(viewer=viewer)
        decides = may_review(connection, caller, model.namespace)
        reads = may_read(connection, caller, model.namespace, open_to_all=False)
        if decides or (reads and (release.is_served or release.created_by == viewer.name)):
            return model, release, decides
    raise not_found("release")


def evidence(connection: Connection, viewer: Viewer, release_id: str) -> Evidence:
    """Return everything known of a release that a viewer may see. Raises RefusedError: 404."""
    model, release, decides = seen(connection, viewer, release_id)
    asked = requests.of_release(connection, release_id) if decides else []
    subjects = [release_id, *(one.request_id for one in asked)]
    said = weighed.of_release(connection, release_id)
    report = weighed.report_of(connection, release_id) if said is not None and said.weighing.findings else None
    return Evidence(
        model=model,
        release=release,
        may_become=sorted(MOVES[release.state]) if decides else [],
        weighed=said,
        findings=findings_of(report) if report else [],
        files=release_files.of_release(connection, release_id, limit=_MOST_FILES),
        requests=asked,
        steps=steps.about(connection, subjects) if decides else [],
        jobs=[one for one in jobs.about(connection, release_id) if one.state != jobs.DONE],
        told=catalog_signing.told(connection, release, said.weighing.weights) if decides and said else "",
    )


def difference(connection: Connection, viewer: Viewer, release_id: str, other_id: str) -> Difference:
    """Return how one release differs from another. Raises RefusedError: 404."""
    before_model, before, _ = seen(connection, viewer, release_id)
    after_model, after, _ = seen(connection, viewer, other_id)
    old, new = (
        {one.path: one.sha256 for one in release_files.of_release(connection, one_id)}
        for one_id in (release_id, other_id)
    )
    changed = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return Difference(
        before=before,
        after=after,
        before_model=before_model.full_name,
        after_model=after_model.full_name,
        files=[
            FileChange(path=path, before=old.get(path, ""), after=new.get(path, "")) for path in changed[:_MOST_FILES]
        ],
        same_files=len(old.keys() & new.keys()) - sum(path in old and path in new for path in changed),
        weighed_before=weighed.of_release(connection, release_id),
        weighed_after=weighed.of_release(connection, other_id),
    )


Kind = Literal["application/json", "application/vnd.cyclonedx+json"]


async def _document(server: GivenServer, viewer: Viewer, release_id: str, media_type: Kind) -> Response[Any]:
    def job(connection: Connection) -> bytes | None:
        seen(connection, viewer, release_id)
        kept = weighed.report_of if media_type == "application/json" else weighed.bom_of
        return kept(connection, release_id)

    content = await server.store.read(job)
    if content is None:
        raise not_found("document")
    return Response(msgspec.Raw(content), media_type=media_type)


ROUTES = [list_releases, show_release, list_files, show_bom, show_report, compare_releases]
