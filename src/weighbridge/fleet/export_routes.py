"""Targets under /api/v1/exports: what is sent where. Secrets go in and never out."""

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import export_changes, export_shown
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.export_shown import Kind, ShownTarget
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.new_target import NewTarget
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.problem import RefusedError

MANAGE = needs(Permission.EXPORTS_MANAGE)
Secret = Annotated[str, Meta(min_length=8, max_length=500, pattern=r"^[!-~]+$")]


class ChangedTarget(Struct, forbid_unknown_fields=True, kw_only=True):
    """What changes of a target."""

    paused: bool | UnsetType = UNSET
    secret: Secret | UnsetType = UNSET


@get("/api/v1/exports", opt=MANAGE)
async def list_targets(server: GivenServer, viewer: GivenViewer) -> list[ShownTarget]:
    """List the targets, by name, with how far each is."""
    for_the_whole_fleet(viewer)
    return await server.store.read(export_shown.listed)


@get("/api/v1/exports/kinds", opt=MANAGE)
async def list_kinds() -> list[Kind]:
    """List what targets there can be."""
    return export_shown.kinds()


@post("/api/v1/exports", opt=MANAGE, status_code=201)
async def add_target(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewTarget]) -> ShownTarget:
    """Add a target. A webhook without a secret is given one, which is shown this once."""
    for_the_whole_fleet(viewer)
    made, now = export_changes.made_secret(data), server.clock()

    def job(connection: Connection) -> ShownTarget:
        check_not_managed(connection, server.settings, "targets", data.name.strip())
        return export_changes.add(connection, now, viewer, data, made or data.secret)

    shown = await server.store.write(job)
    shown.secret = made
    return shown


@get("/api/v1/exports/{target_id:str}", opt=MANAGE)
async def show_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> ShownTarget:
    """Tell how far a target is."""
    for_the_whole_fleet(viewer)
    return await server.store.read(lambda connection: export_shown.one_target(connection, target_id))


@patch("/api/v1/exports/{target_id:str}", opt=MANAGE)
async def change_target(
    server: GivenServer, viewer: GivenViewer, target_id: Id, data: JSONBody[ChangedTarget]
) -> ShownTarget:
    """Pause a target or let it go on; give it another secret."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> ShownTarget:
        name = export_shown.there(connection, target_id).name
        check_not_managed(connection, server.settings, "targets", name)
        if data.paused is not UNSET:
            export_changes.pause(connection, now, viewer, target_id, paused=data.paused)
        if data.secret is not UNSET:
            export_changes.set_secret(connection, now, viewer, target_id, data.secret)
        return export_shown.one_target(connection, target_id)

    return await server.store.write(job)


@delete("/api/v1/exports/{target_id:str}", opt=MANAGE, status_code=204)
async def remove_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> None:
    """Remove a target, its secret and its dead letters."""
    for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> None:
        name = export_shown.there(connection, target_id).name
        check_not_managed(connection, server.settings, "targets", name)
        export_changes.remove(connection, now, viewer, target_id)

    await server.store.write(job)


def for_the_whole_fleet(viewer: Viewer) -> None:
    """Refuse who sees a part of the fleet only: a target is sent what all of it records. Raises RefusedError."""
    if viewer.scope != EVERYTHING:
        raise RefusedError(
            403,
            "E-not-allowed",
            "exports send what the whole fleet records, and you see a part of it",
            "ask an administrator whose account is not limited to groups",
        )


ROUTES = [list_targets, list_kinds, add_target, show_target, change_target, remove_target]
