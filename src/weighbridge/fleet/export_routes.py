"""Targets under /api/v1/exports: what is sent where, how far it is, what was refused. Secrets go in and never out."""

import secrets
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from litestar import delete, get, patch, post
from litestar.params import JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import audit, dead_letters, export_targets, outbox
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.new_target import NewTarget, checked_target
from weighbridge.fleet.permissions import EVERYTHING, Permission, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.server import Server
from weighbridge.fleet.target_registry import TARGETS

MANAGE = needs(Permission.EXPORTS_MANAGE)
Secret = Annotated[str, Meta(min_length=8, max_length=500, pattern=r"^[!-~]+$")]
Moment = Annotated[int, Meta(ge=0, le=1 << 45)]
T = TypeVar("T")


class ShownTarget(Struct, kw_only=True):
    """One target. Times are milliseconds since 1970, UTC."""

    target_id: str
    name: str
    kind: str
    address: str
    format: str
    topics: list[str]
    severity: str
    made_at: int
    state: Literal["sending", "failing", "paused"]
    behind: int
    """Rows of the outbox that it has not taken yet."""
    sent: int
    """Events that it took."""
    dead_letters: int
    lost: int
    """Rows that retention removed before it took them."""
    attempts: int
    next_at: int
    last_sent_at: int | None
    error: str
    secret: str | None = None
    """One that the server made, in the answer that made the target and never again."""


class ChangedTarget(Struct, forbid_unknown_fields=True, kw_only=True):
    """What changes of a target."""

    paused: bool | UnsetType = UNSET
    secret: Secret | UnsetType = UNSET


class Replay(Struct, forbid_unknown_fields=True, kw_only=True):
    """From when on everything is sent again; milliseconds since 1970."""

    since: Moment


class Again(Struct, kw_only=True):
    """How many rows are sent again."""

    rows: int


class ShownLetter(Struct, kw_only=True):
    """One row that a target refused."""

    endpoint_id: str
    row_id: str
    at: int
    waits: bool
    """Whether it is about to be sent again."""
    error: str


class Kind(Struct, kw_only=True):
    """One kind of target."""

    kind: str
    title: str
    address: str
    """An example."""
    needs_secret: bool
    formats: list[str]
    topics: list[str]
    severity: str


@get("/api/v1/exports", opt=MANAGE)
async def list_targets(server: GivenServer, viewer: GivenViewer) -> list[ShownTarget]:
    """List the targets, by name, with how far each is."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection) -> list[ShownTarget]:
        letters = dead_letters.counts(connection)
        return [_shown(connection, one, letters) for one in export_targets.listed(connection)]

    return await server.store.read(job)


@get("/api/v1/exports/kinds", opt=MANAGE)
async def list_kinds() -> list[Kind]:
    """List what targets there can be."""
    return [
        Kind(
            kind=one.id,
            title=one.title,
            address=one.address,
            needs_secret=one.needs_secret,
            formats=list(one.formats),
            topics=list(one.topics),
            severity=one.severity,
        )
        for one in TARGETS.values()
    ]


@post("/api/v1/exports", opt=MANAGE, status_code=201)
async def add_target(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewTarget]) -> ShownTarget:
    """Add a target. A webhook without a secret is given one, which is shown this once."""
    _for_the_whole_fleet(viewer)
    made = f"whsec_{secrets.token_urlsafe(32)}" if data.kind == "webhook" and not data.secret else None
    checked = checked_target(data, made or data.secret)
    now = server.clock()

    def job(connection: Connection) -> ShownTarget:
        target = export_targets.add(
            connection,
            now,
            checked.destination,
            name=checked.name,
            kind=data.kind,
            shown_address=checked.shown_address,
            topics=checked.topics,
            severity=checked.severity,
            since=data.since,
        )
        chosen = {"name": target.name, "kind": target.kind, "address": target.shown_address, "topics": target.topics}
        audit.note(connection, now, viewer, "export.add", target.target_id, chosen)
        return _shown(connection, target, {})

    shown = await server.store.write(job)
    shown.secret = made
    return shown


@get("/api/v1/exports/{target_id:str}", opt=MANAGE)
async def show_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> ShownTarget:
    """Tell how far a target is."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection) -> ShownTarget:
        return _shown(connection, _there(connection, target_id), dead_letters.counts(connection))

    return await server.store.read(job)


@patch("/api/v1/exports/{target_id:str}", opt=MANAGE)
async def change_target(
    server: GivenServer, viewer: GivenViewer, target_id: Id, data: JSONBody[ChangedTarget]
) -> ShownTarget:
    """Pause a target or let it go on; give it another secret."""
    _for_the_whole_fleet(viewer)
    now = server.clock()

    def job(connection: Connection) -> ShownTarget:
        _there(connection, target_id)
        chosen: dict[str, object] = {}
        if data.paused is not UNSET:
            export_targets.pause(connection, now, target_id, paused=data.paused)
            chosen["paused"] = data.paused
        if data.secret is not UNSET:
            export_targets.set_secret(connection, now, target_id, data.secret)
            chosen |= {"secret": "another"}
        audit.note(connection, now, viewer, "export.change", target_id, chosen)
        return _shown(connection, _there(connection, target_id), dead_letters.counts(connection))

    return await server.store.write(job)


@delete("/api/v1/exports/{target_id:str}", opt=MANAGE, status_code=204)
async def remove_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> None:
    """Remove a target, its secret and its dead letters."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection, now: int) -> None:
        _there(connection, target_id)
        dead_letters.forget(connection, target_id)
        export_targets.remove(connection, target_id)
        audit.note(connection, now, viewer, "export.remove", target_id)

    await _write(server, job)


@post("/api/v1/exports/{target_id:str}/retry", opt=MANAGE, status_code=204)
async def retry_target(server: GivenServer, viewer: GivenViewer, target_id: Id) -> None:
    """Try a target that fails at once instead of when its time has come."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection, now: int) -> None:
        _there(connection, target_id)
        export_targets.retry(connection, now, target_id)

    await _write(server, job)


@post("/api/v1/exports/{target_id:str}/replay", opt=MANAGE)
async def replay_target(server: GivenServer, viewer: GivenViewer, target_id: Id, data: JSONBody[Replay]) -> Again:
    """Send everything again from a time on; events have the ids that they had."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection, now: int) -> Again:
        _there(connection, target_id)
        rows = export_targets.replay(connection, now, target_id, data.since)
        audit.note(connection, now, viewer, "export.replay", target_id, {"since": data.since, "rows": rows})
        return Again(rows=rows)

    return await _write(server, job)


@get("/api/v1/exports/{target_id:str}/dead-letters", opt=MANAGE)
async def list_letters(server: GivenServer, viewer: GivenViewer, target_id: Id) -> list[ShownLetter]:
    """List what a target refused, the latest first."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection) -> list[ShownLetter]:
        _there(connection, target_id)
        return [
            ShownLetter(endpoint_id=one.endpoint_id, row_id=one.row_id, at=one.at, waits=one.again, error=one.error)
            for one in dead_letters.listed(connection, target_id)
        ]

    return await server.store.read(job)


@post("/api/v1/exports/{target_id:str}/dead-letters/replay", opt=MANAGE)
async def replay_letters(server: GivenServer, viewer: GivenViewer, target_id: Id) -> Again:
    """Send what a target refused again."""
    _for_the_whole_fleet(viewer)

    def job(connection: Connection, now: int) -> Again:
        _there(connection, target_id)
        rows = dead_letters.send_again(connection, target_id)
        export_targets.retry(connection, now, target_id)
        audit.note(connection, now, viewer, "export.replay-dead-letters", target_id, {"rows": rows})
        return Again(rows=rows)

    return await _write(server, job)


async def _write(server: Server, job: Callable[[Connection, int], T]) -> T:
    now = server.clock()
    return await server.store.write(lambda connection: job(connection, now))


def _for_the_whole_fleet(viewer: Viewer) -> None:
    """Refuse who sees a part of the fleet only: a target is sent what all of it records. Raises RefusedError."""
    if viewer.scope != EVERYTHING:
        raise RefusedError(
            403,
            "E-not-allowed",
            "exports send what the whole fleet records, and you see a part of it",
            "ask an administrator whose account is not limited to groups",
        )


def _there(connection: Connection, target_id: str) -> ExportTarget:
    """Return a target. Raises RefusedError, 404."""
    found = export_targets.by_id(connection, target_id)
    if found is None:
        raise not_found("target")
    return found


def _shown(connection: Connection, target: ExportTarget, letters: dict[str, int]) -> ShownTarget:
    state: Literal["sending", "failing", "paused"] = "failing" if target.attempts else "sending"
    return ShownTarget(
        target_id=target.target_id,
        name=target.name,
        kind=target.kind,
        address=target.shown_address,
        format=target.format,
        topics=list(target.topics),
        severity=target.severity,
        made_at=target.made_at,
        state="paused" if target.paused else state,
        behind=outbox.count_after(connection, target.cursor) + outbox.count_unnumbered(connection),
        sent=target.sent,
        dead_letters=letters.get(target.target_id, 0),
        lost=target.lost,
        attempts=target.attempts,
        next_at=target.next_at,
        last_sent_at=target.last_sent_at,
        error=target.error,
    )


ROUTES = [
    list_targets,
    list_kinds,
    add_target,
    show_target,
    change_target,
    remove_target,
    retry_target,
    replay_target,
    list_letters,
    replay_letters,
]
