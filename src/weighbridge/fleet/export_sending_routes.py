"""What is sent to a target, under /api/v1/exports: trying now, again from a date, a test; issues that it has."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, export_changes, export_shown, export_targets
from weighbridge.fleet.export_routes import MANAGE, for_the_whole_fleet
from weighbridge.fleet.export_shown import ShownTicket
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.export_test import Tested, test_target
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.target import Destination
from weighbridge.host.outgoing import Dialer
from weighbridge.host.outgoing_http import Poster

Moment = Annotated[int, Meta(ge=0, le=1 << 45)]


class Replay(Struct, forbid_unknown_fields=True, kw_only=True):
    """From when on everything is sent again; milliseconds since 1970."""

    since: Moment


class Again(Struct, kw_only=True):
    """How many rows are sent again."""

    rows: int


@post("/api/v1/exports/{target_id:str}/retry", opt=MANAGE, status_code=204)
async def retry_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> None:
    """Try a target that fails at once instead of when its time has come."""
    for_the_whole_fleet(viewer)
    now = server.clock()
    await server.store.write(lambda connection: export_changes.retry(connection, now, target_id))


@post("/api/v1/exports/{target_id:str}/replay", opt=MANAGE)
async def replay_target(server: GivenServer, viewer: GivenViewer, target_id: Id, data: JSONBody[Replay]) -> Again:
    """Send everything again from a time on; events have the ids that they had."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Again:
        return Again(rows=export_changes.replay(connection, now, viewer, target_id, data.since))

    return await server.store.write(job)


@post("/api/v1/exports/{target_id:str}/test", opt=MANAGE, status_code=200)
async def try_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> Tested:
    """Ask a target now whether it takes what is sent there."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> tuple[ExportTarget, Destination]:
        target = export_shown.there(connection, target_id)
        destination = export_targets.destination_of(connection, target)
        if destination is None:
            raise not_found("target")
        audit.note(connection, now, viewer, "export.test", target_id)
        return target, destination

    target, destination = await server.store.write(job)
    return await test_target(target, destination, Poster(Dialer(server.settings.export_networks)), now)


@get("/api/v1/exports/{target_id:str}/tickets", opt=MANAGE)
async def list_tickets(server: GivenServer, viewer: GivenViewer, target_id: Id) -> list[ShownTicket]:
    """List the issues that findings have in a tracker, the latest first."""
    for_the_whole_fleet(viewer)
    return await server.store.read(lambda connection: export_shown.tickets_of(connection, target_id))


ROUTES = [retry_target, replay_target, try_target, list_tickets]
