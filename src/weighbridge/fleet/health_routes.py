"""Whether the server lives, whether it can work, and its numbers: for what watches it."""

from litestar import Response, get

from weighbridge.fleet import epoch
from weighbridge.fleet.given import GivenServer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.metrics import CONTENT_TYPE
from weighbridge.fleet.permissions import Permission
from weighbridge.model.errors import WeighbridgeError


@get("/health/live", opt=needs(Permission.PUBLIC))
async def live() -> dict[str, str]:
    """Answer: the process lives. It needs a restart if this does not come."""
    return {"status": "ok"}


@get("/health/ready", opt=needs(Permission.PUBLIC))
async def ready(server: GivenServer) -> Response[dict[str, str]]:
    """Answer 200 if requests should come here: the database answers, and the server is not stopping; else 503."""
    if server.is_stopping:
        return Response({"status": "stopping"}, status_code=503)
    try:
        await server.store.read(epoch.current)
    except WeighbridgeError:
        return Response({"status": "no database"}, status_code=503)
    return Response({"status": "ok"})


@get("/metrics", opt=needs(Permission.METRICS_READ), media_type=CONTENT_TYPE, include_in_schema=False)
async def metrics(server: GivenServer) -> str:
    """Return the server's numbers in the text format of Prometheus."""
    return server.metrics.text()


ROUTES = [live, ready, metrics]
