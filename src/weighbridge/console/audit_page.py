"""The audit trail: who did what in this server, the newest first."""

from typing import Annotated

from litestar import Response, get
from litestar.params import Parameter

from weighbridge.console.page import page
from weighbridge.fleet import audit
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission

_MOST = 50


@get("/audit", opt=needs(Permission.AUDIT_READ), include_in_schema=False)
async def show_audit(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    before: Annotated[str, Parameter(max_length=28)] = "",
) -> Response[str]:
    """Show what was done."""
    found = await server.store.read(lambda connection: audit.newest(connection, _MOST + 1, before or None))
    older = found[_MOST - 1].entry_id if len(found) > _MOST else ""
    return page(
        request,
        server,
        viewer,
        "audit.html",
        here="/audit",
        twin=f"/api/v1/audit?limit={_MOST}" + (f"&before={before}" if before.isalnum() else ""),
        entries=found[:_MOST],
        older=older,
        is_first=not before,
    )


ROUTES = [show_audit]
