"""Ledgers: how far the server's copies are, and the records of one with what proves them."""

from datetime import datetime

from litestar import Response, get
from sqlalchemy import Connection

from weighbridge.console.list_pages import listed
from weighbridge.console.list_view import View
from weighbridge.fleet import ledger_routes, listed_ledgers, reads
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ledger_routes import Records
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import Permission, Scope, Viewer
from weighbridge.fleet.server import Server
from weighbridge.report.words import Look

VIEWS = (
    View("All", ""),
    View("Rewritten or copied", "state:cloned_or_rewritten"),
    View("Nothing for a week", "changed:>7d"),
    View("Pruned before sent", "skipped:>0"),
)
RECORD_VIEWS = (
    View("All", ""),
    View("Processes", "kind:process*"),
    View("Verdicts", "kind:verdict"),
    View("Findings", "kind:finding*"),
    View("Gaps and clocks", "kind:gap OR kind:clock-step OR kind:start OR kind:stop"),
    View("Offline", "network:offline"),
)
PROOFS = {ledger_routes.COSIGNED: Look("✓", "success"), ledger_routes.PROVEN: Look("…", "warning")}


@get("/ledger", opt=needs(Permission.FLEET_READ), include_in_schema=False, dependencies=page_asks())
async def show_ledgers(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    asked: GivenAsked,
) -> Response[str]:
    """Show ledgers."""
    example = listed_ledgers.EXAMPLE
    return await listed(
        request,
        server,
        viewer,
        "ledgers",
        asked,
        ledger_routes.ledgers,
        example,
        VIEWS,
        path="/ledger",
        may_read=viewer.may(Permission.RECORDS_READ),
    )


@get("/ledger/{endpoint_id:str}", opt=needs(Permission.RECORDS_READ), include_in_schema=False, dependencies=page_asks())
async def show_records(
    request: WebRequest,
    server: GivenServer,
    viewer: GivenViewer,
    endpoint_id: Id,
    asked: GivenAsked,
) -> Response[str]:
    """Show the records of one ledger."""
    await reads.noted(server, viewer, endpoint_id, reads.RECORDS)
    return await records_page(request, server, viewer, endpoint_id, asked, path=f"/ledger/{endpoint_id}")


async def records_page(
    request: WebRequest,
    server: Server,
    viewer: Viewer,
    endpoint_id: str,
    asked: Asked,
    *,
    path: str,
    here: str = "/ledger",
) -> Response[str]:
    """Return the page of the records of one ledger. Raises RefusedError 404 beyond the viewer's scope.

    Args:
        request: what asked for it.
        server: whose page it is.
        viewer: who reads it.
        endpoint_id: whose ledger.
        asked: what the address says.
        path: of the page, and of its twin below /api/v1.
        here: the path in the navigation that it belongs to.
    """
    head = await server.store.read(lambda connection: ledger_routes.head(connection, viewer.scope, endpoint_id))

    def ask(connection: Connection, _: Scope, asked: Asked, moment: datetime) -> Records:
        return ledger_routes.records_of(connection, head, asked, moment)

    return await listed(
        request,
        server,
        viewer,
        "records",
        asked,
        ask,
        listed_ledgers.RECORD_EXAMPLE,
        RECORD_VIEWS,
        path=path,
        here=here,
        ledger=head.ledger,
        gaps=head.gaps,
        log=f"/api/v1{'/device' if here == '/device' else path}/log",
        proofs=PROOFS,
    )


ROUTES = [show_ledgers, show_records]
