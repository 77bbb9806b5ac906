"""Manifests of a release, under /api/v1: their digests, to pin and sign, and the tags by which each is pulled."""

from litestar import get
from sqlalchemy import Connection

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.hub import manifests
from weighbridge.hub.manifests import Frozen
from weighbridge.hub.release_routes import seen


@get("/api/v1/releases/{release_id:str}/manifests", opt=needs(Permission.MODELS_READ))
async def list_manifests(server: GivenServer, viewer: GivenViewer, release_id: Id) -> list[Frozen]:
    """List the manifests by which OCI clients and Ollama pull a release; none before it is approved."""

    def job(connection: Connection) -> list[Frozen]:
        seen(connection, viewer, release_id)
        return manifests.of_release(connection, release_id)

    return await server.store.read(job)


ROUTES = [list_manifests]
