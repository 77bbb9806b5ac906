"""What the catalog says of digests, under /api/v1/hub: signed, for machines that watch; and for the policy's owner."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import QueryParameter

from weighbridge.fleet.given import GivenServer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.hub.feed import SignedFeed, accepted_yaml, feed, signed_feed

_READ, _POLICY = needs(Permission.MODELS_READ), needs(Permission.POLICY_READ)
Since = Annotated[int, QueryParameter(ge=0, lt=1 << 53)]


@get("/api/v1/hub/revocations", opt=_READ)
async def show_revoked_releases(server: GivenServer, since: Since = 0) -> SignedFeed:
    """Return what was revoked after a time and what may be used now, with a signed note on it."""
    now = server.clock()
    return await server.store.write(lambda connection: signed_feed(connection, now, since))


@get("/api/v1/hub/accepted", opt=_POLICY)
async def show_accepted_digests(server: GivenServer) -> Response[Any]:
    """Return the part of policy.yaml that accepts what the catalog approved, for the policy's owner to sign."""
    now = server.clock()
    said = await server.store.read(lambda connection: feed(connection, now))
    return Response(accepted_yaml(said).encode(), media_type="application/yaml")


ROUTES = [show_revoked_releases, show_accepted_digests]
