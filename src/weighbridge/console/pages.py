"""The first page, and the page of one digest."""

from typing import Any

from litestar import Response, get
from sqlalchemy import Connection

from weighbridge.console.chart import days, share
from weighbridge.console.page import page, see_other
from weighbridge.console.render import base_name
from weighbridge.console.thread import Known, thread
from weighbridge.fleet import artifact_page, posture
from weighbridge.fleet.artifact_page import ArtifactPage
from weighbridge.fleet.given import GivenServer, GivenViewer, Id, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.posture_days import SHOWN_DAYS
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.processes import DAY
from weighbridge.fleet.spread import DECISIONS
from weighbridge.fleet.verdicts import rule_ids
from weighbridge.hub.catalog_entries import CatalogEntry, entries_of, said
from weighbridge.model.verdict import Decision
from weighbridge.report.words import DECISIONS as LOOKS


@get("/", opt=needs(Permission.SIGNED_IN), include_in_schema=False)
async def show_posture(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Show the fleet in a few numbers; to the owner of one endpoint, that endpoint."""
    if not viewer.may(Permission.FLEET_READ):
        return see_other("/device")
    moment = server.clock()
    found = await server.store.read(lambda connection: posture.read(connection, viewer.scope, moment))
    verdicts = [(name, found.verdicts.get(name, 0)) for name in reversed(DECISIONS)]
    return page(
        request,
        server,
        viewer,
        "posture.html",
        here="/",
        twin="/api/v1/posture",
        p=found,
        verdicts=verdicts,
        share=share([(LOOKS[Decision(name)].role, number) for name, number in verdicts]),
        trend=days([(one.at // DAY, [("error", one.serious)]) for one in found.days], SHOWN_DAYS + 1),
        worst_first=SEVERITIES[::-1],
    )


@get("/artifacts/{sha256:str}", opt=needs(Permission.FLEET_READ), include_in_schema=False)
async def show_artifact(request: WebRequest, server: GivenServer, viewer: GivenViewer, sha256: Id) -> Response[Any]:
    """Show one digest and how far it has travelled."""

    def job(connection: Connection) -> tuple[ArtifactPage | None, list[CatalogEntry]]:
        return artifact_page.read(connection, viewer.scope, sha256), entries_of(connection, viewer, sha256)

    found, entries = await server.store.read(job)
    if found is None:
        raise not_found("artifact")
    spread = found.spread
    known = Known(
        places=sum(one.places for one in found.sightings),
        endpoints=spread.endpoints,
        gone=spread.gone,
        running=spread.running,
        ran=len(found.runs),
        catalog=said(entries),
        in_catalog=bool(entries),
    )
    return page(
        request,
        server,
        viewer,
        "artifact.html",
        here="/artifacts",
        twin=f"/api/v1/artifacts/{sha256}",
        page=found,
        a=found.artifact,
        spread=spread,
        entries=entries,
        name=base_name(spread.path) or sha256[:12],
        knots=thread(known),
        rules=[rule_ids(one.rules) for one in found.verdicts],
    )


ROUTES = [show_posture, show_artifact]
