"""What the catalog approved, under /api/v1/hub: who knows of it, what people sign, and as a policy's text."""

from typing import Any

from litestar import Response, get, post

from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.revocation_routes import check_whole_fleet
from weighbridge.fleet.ruling_signing import ToSign
from weighbridge.hub.catalog_signing import Overview, overview, to_sign
from weighbridge.hub.catalog_text import accepted_yaml, approvals

_READ, _PUBLISH = needs(Permission.POLICY_READ), needs(Permission.POLICY_PUBLISH)


@get("/api/v1/hub/accepted", opt=_READ)
async def show_accepted_digests(server: GivenServer) -> Response[Any]:
    """Return the part of policy.yaml that accepts what the catalog approved, for machines that are in no fleet."""
    said = await server.store.read(approvals)
    return Response(accepted_yaml(said).encode(), media_type="application/yaml")


@get("/api/v1/hub/approvals", opt=_READ)
async def show_approvals(server: GivenServer) -> Overview:
    """Return what the catalog approved as endpoints are told of it, and how far people are with signing that."""
    now = server.clock()
    return await server.store.read(lambda connection: overview(connection, now))


@post("/api/v1/hub/approvals/sign", opt=_PUBLISH, status_code=200)
async def draft_approvals(server: GivenServer, viewer: GivenViewer) -> ToSign:
    """Make what people are to sign now; `/api/v1/rulings/publish` takes it back, signed."""
    check_whole_fleet(viewer)
    now = server.clock()
    return await server.store.write(lambda connection: to_sign(connection, now))


ROUTES = [show_accepted_digests, show_approvals, draft_approvals]
