"""The files of a ledger under /api/v1, as C2SP tlog-tiles names them, so that anybody may verify it by other means."""

from typing import Annotated

from litestar import Response, get
from litestar.params import Parameter
from sqlalchemy import Connection

from weighbridge.fleet import ledger_files, ledger_routes, reads
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.my_device_routes import own
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.server import Server
from weighbridge.ledger.tiles import CHECKPOINT

FileName = Annotated[str, Parameter(max_length=100, description="`checkpoint`, `tile/entries/000`, `tile/0/000`, ...")]
_BYTES = "application/octet-stream"


@get("/api/v1/ledger/{endpoint_id:str}/log/{name:path}", opt=needs(Permission.RECORDS_READ), media_type=_BYTES)
async def ledger_file(server: GivenServer, viewer: GivenViewer, endpoint_id: Id, name: FileName) -> Response[bytes]:
    """Return a file of an endpoint's ledger: the cosigned checkpoint, entries, hashes."""
    await reads.noted(server, viewer, endpoint_id, reads.RECORDS)
    return await _file(server, viewer, endpoint_id, name)


@get("/api/v1/device/log/{name:path}", opt=needs(Permission.OWN_DEVICE), media_type=_BYTES)
async def device_file(server: GivenServer, viewer: GivenViewer, name: FileName) -> Response[bytes]:
    """Return a file of the ledger of one's own device."""
    return await _file(server, viewer, own(viewer), name)


async def _file(server: Server, viewer: Viewer, endpoint_id: str, name: str) -> Response[bytes]:
    asked = name.lstrip("/")

    def job(connection: Connection) -> bytes | None:
        ledger_routes.head(connection, viewer.scope, endpoint_id)
        return ledger_files.content_of(connection, endpoint_id, asked)

    content = await server.store.read(job)
    if content is None:
        raise not_found("file of this ledger")
    return Response(content, media_type="text/plain; charset=utf-8" if asked == CHECKPOINT else _BYTES)


ROUTES = [ledger_file, device_file]
