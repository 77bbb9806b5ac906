"""Reports under /api/v1: which there are, one as JSON, and one as a signed pack.

A report takes seconds in a large fleet and is read in a thread; a pack is made in one, too. Making a pack is a change:
it is signed with the server's key, and the audit trail says who made it.
"""

import asyncio
from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, Parameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import evidence_pack
from weighbridge.fleet.evidence import Report
from weighbridge.fleet.evidence_pack import Found, Made
from weighbridge.fleet.evidence_packs import PACKS, Pack, pack
from weighbridge.fleet.evidence_report import MOST_DAYS, asker_of, report
from weighbridge.fleet.given import GivenDraw, GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server

USUAL_DAYS = 90
ZIP = "application/zip"
_READ = needs(Permission.FLEET_READ)
Days = Annotated[int, Parameter(ge=1, le=MOST_DAYS, description="How far to look back.")]
GroupName = Annotated[str, Parameter(max_length=64, description="Only endpoints of this group; empty: all.")]


class PackInfo(Struct, frozen=True, kw_only=True):
    """One kind of report."""

    id: str
    title: str
    framework: str
    version: str
    source: str
    about: str
    controls: int


class Packs(Struct, frozen=True, kw_only=True):
    """The kinds of reports, and the key that packs are signed with."""

    key: str
    packs: list[PackInfo]


class WantedPack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far back a pack looks, and at which endpoints."""

    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = USUAL_DAYS
    group: Annotated[str, Meta(max_length=64)] = ""
    """Empty: all that the asker may see."""
    pdf: bool = False
    """Whether the page is in it as PDF, too; the server needs the extra `pdf` for that."""


@get("/api/v1/reports", opt=_READ)
async def list_reports(server: GivenServer) -> Packs:
    """List the kinds of reports, with the public key under which packs are signed."""
    return Packs(key=(await keys_of(server)).signer.public.text, packs=[info(named(name)) for name in PACKS])


@get("/api/v1/reports/{pack_id:str}", opt=_READ)
async def show_report(
    server: GivenServer, viewer: GivenViewer, pack_id: Id, days: Days = USUAL_DAYS, group: GroupName = ""
) -> Report:
    """Make a report of what this account may see."""
    return await read_report(server, viewer, pack_id, days, group)


@post("/api/v1/reports/{pack_id:str}", opt=_READ, status_code=200, media_type=ZIP)
async def make_pack(
    server: GivenServer, viewer: GivenViewer, draw: GivenDraw, pack_id: Id, data: JSONBody[WantedPack]
) -> Response[bytes]:
    """Make a report as a signed ZIP, which `wb ledger verify` checks offline. The audit trail says who made it."""
    return answer(await new_pack(server, viewer, draw, pack_id, data))


async def read_report(server: Server, viewer: Viewer, pack_id: str, days: int, group: str) -> Report:
    """Return a report. Raises RefusedError 404: there is none of that id."""
    wanted, asker, now = named(pack_id), asker_of(viewer, group), server.clock()
    async with server.reporting:
        return await server.store.read(lambda connection: report(connection, wanted, asker, now, days))


async def new_pack(server: Server, viewer: Viewer, draw: evidence_pack.Draw, pack_id: str, data: WantedPack) -> Made:
    """Return a pack that the audit trail has. Raises RefusedError 404, 413; WeighbridgeError `E-report-pdf`."""
    wanted, asker, now = named(pack_id), asker_of(viewer, data.group), server.clock()
    keys = await keys_of(server)

    def read(connection: Connection) -> Found:
        return evidence_pack.found(connection, wanted, asker, now, data.days)

    async with server.reporting:
        found = await server.store.read(read)
    try:
        if data.pdf:
            async with server.printing:
                made = await asyncio.to_thread(evidence_pack.made, found, keys, draw, evidence_pack.as_pdf)
        else:
            made = await asyncio.to_thread(evidence_pack.made, found, keys, draw)
    except ValueError as error:
        hint = "ask for fewer days or for one group"
        raise RefusedError(413, "E-too-large", f"the pack {error}", hint) from None
    await server.store.write(lambda connection: evidence_pack.note(connection, viewer, found.report, made))
    return made


async def keys_of(server: Server) -> evidence_pack.Keys:
    """Return the server's keys."""
    if server.evidence_keys is None:
        now = server.clock()
        server.evidence_keys = await server.store.write(lambda connection: evidence_pack.keys(connection, now))
    return server.evidence_keys


def answer(made: Made) -> Response[bytes]:
    """Return a pack as a file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=ZIP, headers=headers)


def named(pack_id: str) -> Pack:
    """Return a pack. Raises RefusedError 404."""
    found = pack(pack_id)
    if found is None:
        raise not_found("report")
    return found


def info(one: Pack) -> PackInfo:
    """Return what a list says of a pack."""
    names = ("id", "title", "framework", "version", "source", "about")
    return PackInfo(**{name: getattr(one, name) for name in names}, controls=len(one.rows))


ROUTES = [list_reports, show_report, make_pack]
