"""The configuration under /api/v1: what the fleet keeps to, as files; its settings; what was changed by hand."""

import msgspec
from litestar import Response, get, patch
from litestar.params import JSONBody
from sqlalchemy import Connection

from weighbridge.fleet import audit, config_drift, config_export, config_settings, fleet_settings
from weighbridge.fleet.config_drift import Drift
from weighbridge.fleet.config_guard import check_not_managed
from weighbridge.fleet.config_settings import SettingsItem
from weighbridge.fleet.fleet_settings import FleetSettings
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.problem import RefusedError

MANAGE = needs(Permission.ACCOUNTS_MANAGE)


@get("/api/v1/config", opt=MANAGE)
async def export_config(server: GivenServer, viewer: GivenViewer) -> dict[str, str]:
    """Return what the fleet keeps to: texts of files by their names, as `wb fleet apply` takes them. No secret."""
    for_the_whole_fleet(viewer)
    return await server.store.read(config_export.export)


@get("/api/v1/config/drift", opt=MANAGE)
async def show_drift(server: GivenServer, viewer: GivenViewer) -> Drift:
    """Tell what was changed by hand since files were applied."""
    for_the_whole_fleet(viewer)
    return await server.store.read(config_drift.drift)


@get("/api/v1/config/settings", opt=MANAGE)
async def show_fleet_settings(server: GivenServer) -> FleetSettings:
    """Tell what all servers of the fleet keep to."""
    return await server.store.read(fleet_settings.current)


@patch("/api/v1/config/settings", opt=MANAGE)
async def change_fleet_settings(
    server: GivenServer,
    viewer: GivenViewer,
    data: JSONBody[SettingsItem],  # type: ignore[valid-type]
) -> FleetSettings:
    """Change what all servers of the fleet keep to."""
    for_the_whole_fleet(viewer)
    now, wanted = server.clock(), msgspec.to_builtins(data)

    def job(connection: Connection) -> FleetSettings:
        check_not_managed(connection, server.settings, "settings", config_settings.NAME)
        after = fleet_settings.change(connection, now, wanted)
        audit.note(connection, now, viewer, "settings.change", config_settings.NAME, wanted)
        return after

    return await server.store.write(job)


def one_file(files: dict[str, str]) -> Response[str]:
    """Return files as a single one to save."""
    headers = {"Content-Disposition": 'attachment; filename="fleet.yaml"'}
    return Response(config_export.whole(files), media_type="application/yaml", headers=headers)


def for_the_whole_fleet(viewer: Viewer) -> None:
    """Refuse who sees a part of the fleet only: the configuration is that of all of it. Raises RefusedError."""
    if viewer.scope != EVERYTHING:
        raise RefusedError(
            403,
            "E-not-allowed",
            "the configuration is that of the whole fleet, and you see a part of it",
            "ask an administrator whose account is not limited to groups",
        )


ROUTES = [export_config, show_drift, show_fleet_settings, change_fleet_settings]
