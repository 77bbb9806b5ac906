"""Lists under /api/v1: artifacts, endpoints, findings, with one query language and pieces that go on from a cursor.

One artifact comes with how far it has spread, one endpoint with everything that the fleet knows about it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import (
    artifact_page,
    endpoint_page,
    listed_artifacts,
    listed_endpoints,
    listed_findings,
    posture,
    reads,
)
from weighbridge.fleet.artifact_page import ArtifactPage
from weighbridge.fleet.artifacts import Artifact
from weighbridge.fleet.asking import GivenAsked
from weighbridge.fleet.endpoint_page import EndpointPage
from weighbridge.fleet.endpoints import Endpoint
from weighbridge.fleet.findings import Finding
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.listed_artifacts import Spread
from weighbridge.fleet.listing import MOST_COUNTED, Asked, Piece, piece
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.posture import Posture
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server


class Part(Struct, kw_only=True):
    """A piece of a list: which order it has, how many rows there are in all, and where the next pieces begin."""

    sort: str
    down: bool
    total: int
    is_more: bool
    """Whether there are more rows than were counted."""
    after: str
    before: str


class Endpoints(Part, kw_only=True):
    """Endpoints. Times are milliseconds since 1970, UTC."""

    rows: list[Endpoint]


class SpreadArtifact(Artifact, kw_only=True, frozen=True):
    """An artifact, and how far it has spread."""

    spread: Spread


class Artifacts(Part, kw_only=True):
    """Artifacts. Times are milliseconds since 1970, UTC."""

    rows: list[SpreadArtifact]


class NamedFinding(Finding, kw_only=True, frozen=True):
    """A finding, and the host name of its endpoint."""

    endpoint_name: str
    state: str
    """What people decided: new, acknowledged, accepted or false_alarm."""
    reason: str
    decider: str | None
    until_at: int | None
    """When the decision ends."""


class Findings(Part, kw_only=True):
    """Findings. Times are milliseconds since 1970, UTC."""

    rows: list[NamedFinding]


@get("/api/v1/endpoints", opt=needs(Permission.FLEET_READ))
async def list_endpoints(
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Endpoints:
    """List endpoints."""
    return await server.store.read(lambda connection: endpoints(connection, viewer.scope, asked, now(server)))


@get("/api/v1/artifacts", opt=needs(Permission.FLEET_READ))
async def list_artifacts(
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Artifacts:
    """List artifacts, each with how far it has spread."""
    return await server.store.read(lambda connection: artifacts(connection, viewer.scope, asked, now(server)))


@get("/api/v1/findings", opt=needs(Permission.FLEET_READ))
async def list_findings(
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Findings:
    """List findings."""
    return await server.store.read(lambda connection: findings(connection, viewer.scope, asked, now(server)))


@get("/api/v1/artifacts/{sha256:str}", opt=needs(Permission.FLEET_READ))
async def show_artifact(server: GivenServer, viewer: GivenViewer, sha256: Id) -> ArtifactPage:
    """Tell what is known of a digest: where it is and was, what it is, what ran it, what policy says of it."""
    found = await server.store.read(lambda connection: artifact_page.read(connection, viewer.scope, sha256))
    if found is None:
        raise not_found("artifact")
    return found


@get("/api/v1/endpoints/{endpoint_id:str}", opt=needs(Permission.OWN_DEVICE))
async def show_endpoint(server: GivenServer, viewer: GivenViewer, endpoint_id: Id) -> EndpointPage:
    """Tell everything that the fleet knows about an endpoint. Its owner sees the same, and who looked."""
    await reads.noted(server, viewer, endpoint_id, reads.PAGE)
    found = await server.store.read(lambda connection: endpoint_page.read(connection, viewer.scope, endpoint_id))
    if found is None:
        raise not_found("endpoint")
    return found


@get("/api/v1/posture", opt=needs(Permission.FLEET_READ))
async def show_posture(server: GivenServer, viewer: GivenViewer) -> Posture:
    """Tell the fleet in a few numbers."""
    moment = server.clock()
    return await server.store.read(lambda connection: posture.read(connection, viewer.scope, moment))


def endpoints(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Endpoints:
    """Return a piece of the list of endpoints. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_endpoints.listing(scope), asked, moment)
    return Endpoints(rows=[made(Endpoint, row) for row in found.rows], **part(found))


def artifacts(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Artifacts:
    """Return a piece of the list of artifacts. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_artifacts.listing(scope), asked, moment)
    spread = listed_artifacts.spread(connection, scope, [row.sha256 for row in found.rows])
    rows = [made(SpreadArtifact, row, spread=spread[row.sha256], measured=bool(row.measured)) for row in found.rows]
    return Artifacts(rows=rows, **part(found))


def findings(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Findings:
    """Return a piece of the list of findings. Raises WeighbridgeError E-query."""
    found = piece(connection, listed_findings.listing(scope, round(moment.timestamp() * 1000)), asked, moment)
    return Findings(rows=[made(NamedFinding, row) for row in found.rows], **part(found))


def now(server: Server) -> datetime:
    """Return the server's time."""
    return datetime.fromtimestamp(server.clock() / 1000, UTC)


def made(kind: Callable[..., Any], row: Any, **more: object) -> Any:  # noqa: ANN401  (a row of any table)
    """Return a struct of a kind from the columns of a row that are its fields, and more fields."""
    fields = set(kind.__struct_fields__)  # type: ignore[attr-defined]
    return kind(**{name: value for name, value in row._mapping.items() if name in fields} | more)


def part(found: Piece) -> dict[str, Any]:
    """Return what every `Part` has."""
    return {
        "sort": found.sort,
        "down": found.down,
        "total": min(found.total, MOST_COUNTED),
        "is_more": found.total > MOST_COUNTED,
        "after": found.after,
        "before": found.before,
    }


ROUTES = [list_endpoints, list_artifacts, list_findings, show_artifact, show_endpoint, show_posture]
