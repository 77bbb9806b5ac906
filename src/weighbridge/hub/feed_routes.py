"""What the catalog approved, under /api/v1/hub, for the policy's owner."""

from typing import Any

from litestar import Response, get

from weighbridge.fleet.given import GivenServer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.hub.feed import accepted, accepted_yaml


@get("/api/v1/hub/accepted", opt=needs(Permission.POLICY_READ))
async def show_accepted_digests(server: GivenServer) -> Response[Any]:
    """Return the part of policy.yaml that accepts what the catalog approved, for the policy's owner to sign."""
    digests = await server.store.read(accepted)
    return Response(accepted_yaml(digests).encode(), media_type="application/yaml")


ROUTES = [show_accepted_digests]
