"""Ledgers: how far the server's copies are, and the records of one with what proves them."""

from datetime import datetime

from litestar import Response, get
from sqlalchemy import Connection

from weighbridge.console.list_pages import listed
from weighbridge.console.list_view import View
from weighbridge.fleet import ledger_routes, listed_ledgers
from weighbridge.fleet.asking import GivenAsked, page_asks
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ledger_routes import Records
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.fleet.problem import not_found
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

    def ask(connection: Connection, scope: Scope, asked: Asked, moment: datetime) -> Records:
        return ledger_routes.records(connection, scope, endpoint_id, asked, moment)

    def whose(connection: Connection) -> tuple[listed_ledgers.Ledger | None, int]:
        return (
            listed_ledgers.ledger(connection, viewer.scope, endpoint_id),
            listed_ledgers.gaps(connection, endpoint_id),
        )

    ledger, gaps = await server.store.read(whose)
    if ledger is None:
        raise not_found("endpoint")
    return await listed(
        request,
        server,
        viewer,
        "records",
        asked,
        ask,
        listed_ledgers.RECORD_EXAMPLE,
        RECORD_VIEWS,
        path=f"/ledger/{endpoint_id}",
        here="/ledger",
        ledger=ledger,
        gaps=gaps,
        proofs=PROOFS,
    )


ROUTES = [show_ledgers, show_records]
