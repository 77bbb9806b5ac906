"""One's own device under /api/v1: everything that the fleet knows about it, who looked at it, and its whole ledger."""

from litestar import get

from weighbridge.fleet import endpoint_page, ledger_routes
from weighbridge.fleet.asking import GivenAsked
from weighbridge.fleet.endpoint_page import EndpointPage
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ledger_routes import Records
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found


@get("/api/v1/device", opt=needs(Permission.OWN_DEVICE))
async def show_device(server: GivenServer, viewer: GivenViewer) -> EndpointPage:
    """Tell everything that the fleet knows about one's own device, and who looked at it."""
    mine = own(viewer)
    found = await server.store.read(lambda connection: endpoint_page.read(connection, viewer.scope, mine))
    if found is None:
        raise not_found("device of yours")
    return found


@get("/api/v1/device/records", opt=needs(Permission.OWN_DEVICE))
async def list_device_records(server: GivenServer, viewer: GivenViewer, asked: GivenAsked) -> Records:
    """List the records of one's own device, each with its proof state."""
    mine = own(viewer)
    return await server.store.read(
        lambda connection: ledger_routes.records(connection, viewer.scope, mine, asked, now(server))
    )


def own(viewer: Viewer) -> str:
    """Return the endpoint of somebody who is the person of one. Raises RefusedError 404 for everybody else."""
    if viewer.scope.endpoint_id is None:
        raise not_found("device of yours")
    return viewer.scope.endpoint_id


ROUTES = [show_device, list_device_records]
