"""What files manage and what was changed by hand since, for administrators."""

from typing import Any

from litestar import Response, get

from weighbridge.console.form_calls import call
from weighbridge.console.page import page
from weighbridge.fleet import config_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission

_MANAGE: dict[str, Any] = {"opt": needs(Permission.ACCOUNTS_MANAGE), "include_in_schema": False}
_HERE = "/settings/files"


@get(_HERE, **_MANAGE)
async def show_files(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Show when files were applied, and what is not as they said."""
    return page(
        request,
        server,
        viewer,
        "files.html",
        here=_HERE,
        twin="/api/v1/config/drift",
        d=await call(config_routes.show_drift, server, viewer),
        files_alone=server.settings.managed_by_files,
    )


@get(_HERE + "/fleet.yaml", **_MANAGE)
async def save_files(server: GivenServer, viewer: GivenViewer) -> Response[str]:
    """Return what the fleet keeps to as one file."""
    return config_routes.one_file(await call(config_routes.export_config, server, viewer))


ROUTES = [show_files, save_files]
