"""Replays under /api/v1: ask for one, see how far it is, read what came of it, end it."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, replay_jobs
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.policy_replay import MOST_DAYS
from weighbridge.fleet.problem import not_found
from weighbridge.fleet.replay_jobs import Job, JobResult

_READ = needs(Permission.POLICY_READ)
_LARGEST = (1 << 53) - 1


class NewReplay(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is to be weighed."""

    number: Annotated[int, Meta(ge=1, le=_LARGEST)]
    """Of the policy."""
    against: Annotated[int, Meta(ge=0, le=_LARGEST)] = 0
    """The policy that it is compared with; 0: the one in force."""
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] = 30
    """How far to look back."""


@get("/api/v1/policy/replays", opt=_READ)
async def list_replays(server: GivenServer, viewer: GivenViewer) -> list[Job]:
    """Tell which replays there are, the newest first."""
    return await server.store.read(lambda connection: replay_jobs.jobs(connection, viewer.scope))


@post("/api/v1/policy/replays", opt=_READ, status_code=202)
async def ask_for_replay(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewReplay]) -> Job:
    """Ask what a policy would have said of all that the fleet had within some days. It goes on when nobody waits."""
    now = server.clock()

    def job(connection: Connection) -> Job:
        made = replay_jobs.ask(
            connection,
            now,
            viewer.name,
            data.number,
            days=data.days,
            against=data.against,
            scope=viewer.scope,
        )
        audit.note(
            connection, now, viewer, "policy.replay", str(made.number), {"days": made.days, "id": made.replay_id}
        )
        return made

    made = await server.store.write(job)
    server.replays.set()
    return made


@get("/api/v1/policy/replays/{replay_id:str}", opt=_READ)
async def show_replay(server: GivenServer, viewer: GivenViewer, replay_id: Id) -> JobResult:
    """Tell how far a replay is, and what came of it: where, whose, by which rules."""
    found = await server.store.read(lambda connection: replay_jobs.job(connection, replay_id, viewer.scope))
    if found is None:
        raise not_found("replay")
    return found


@post("/api/v1/policy/replays/{replay_id:str}/cancel", opt=_READ, status_code=200)
async def cancel_replay(server: GivenServer, viewer: GivenViewer, replay_id: Id) -> Job:
    """End a replay that waits or runs."""
    now = server.clock()

    def job(connection: Connection) -> Job | None:
        ended = replay_jobs.cancel(connection, now, replay_id, viewer.scope)
        if ended is not None:
            audit.note(connection, now, viewer, "policy.replay-cancel", str(ended.number), {"id": replay_id})
        return ended

    found = await server.store.write(job)
    if found is None:
        raise not_found("replay")
    return found


ROUTES = [list_replays, ask_for_replay, show_replay, cancel_replay]
