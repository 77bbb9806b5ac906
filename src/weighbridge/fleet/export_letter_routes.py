"""Dead letters under /api/v1/exports: what a target refused, to be sent again or given up."""

from litestar import delete, get, post
from sqlalchemy import Connection

from weighbridge.fleet import export_changes, export_shown
from weighbridge.fleet.export_routes import MANAGE, for_the_whole_fleet
from weighbridge.fleet.export_sending_routes import Again
from weighbridge.fleet.export_shown import ShownLetter
from weighbridge.fleet.given import GivenServer, GivenViewer, Id


@get("/api/v1/exports/{target_id:str}/dead-letters", opt=MANAGE)
async def list_letters(server: GivenServer, viewer: GivenViewer, target_id: Id) -> list[ShownLetter]:
    """List what a target refused, the latest first."""
    for_the_whole_fleet(viewer)
    return await server.store.read(lambda connection: export_shown.letters_of(connection, target_id))


@post("/api/v1/exports/{target_id:str}/dead-letters/replay", opt=MANAGE)
async def replay_letters(server: GivenServer, viewer: GivenViewer, target_id: Id) -> Again:
    """Send what a target refused again."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Again:
        return Again(rows=export_changes.send_letters(connection, now, viewer, target_id))

    return await server.store.write(job)


@delete("/api/v1/exports/{target_id:str}/dead-letters", opt=MANAGE, status_code=200)
async def drop_letters(server: GivenServer, viewer: GivenViewer, target_id: Id) -> Again:
    """Give up what a target refused; says how many rows."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> Again:
        return Again(rows=export_changes.drop_letters(connection, now, viewer, target_id))

    return await server.store.write(job)


ROUTES = [list_letters, replay_letters, drop_letters]
