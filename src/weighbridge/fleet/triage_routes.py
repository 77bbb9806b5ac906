"""Deciding about findings, under /api/v1: many at once, with a reason and an end, and taking it back."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import findings, triage, triage_all
from weighbridge.fleet.asking import Query
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.query_syntax import LONGEST
from weighbridge.fleet.server import Server
from weighbridge.fleet.triage import ACCEPTED, FALSE_ALARM, MOST_AT_ONCE, STATES, Decision, Done, Which
from weighbridge.fleet.triage_all import MOST_MATCHED, Decided, Matching

DAY = 24 * 3_600_000
MOST_DAYS = 366
SHORTEST_REASON = 3


class Chosen(Struct, forbid_unknown_fields=True, kw_only=True):
    """One finding on one endpoint."""

    endpoint_id: Annotated[str, Meta(max_length=16)]
    finding_id: Annotated[str, Meta(max_length=64)]


class NewDecision(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is decided about findings."""

    findings: Annotated[list[Chosen], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    state: Annotated[str, Meta(description=f"One of {', '.join(STATES)}.", max_length=16)]
    reason: Annotated[str, Meta(max_length=2000)] = ""
    days: Annotated[int, Meta(ge=0, le=MOST_DAYS)] = 0
    """After how many days it ends; 0: never. What is accepted must end."""


class DecisionAboutAll(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is decided about everything that a query matches."""

    query: Annotated[str, Meta(max_length=LONGEST)]
    expected: Annotated[int, Meta(ge=1, le=MOST_MATCHED)]
    """How many findings `matching` said."""
    state: Annotated[str, Meta(description=f"One of {', '.join(STATES)}.", max_length=16)]
    reason: Annotated[str, Meta(max_length=2000)] = ""
    days: Annotated[int, Meta(ge=0, le=MOST_DAYS)] = 0
    """After how many days it ends; 0: never. What is accepted must end."""


class Changed(Struct, kw_only=True):
    """What a decision changed; `change_id` takes it back."""

    change_id: str
    changed: int


@post("/api/v1/findings/triage", opt=needs(Permission.FINDINGS_TRIAGE), status_code=200)
async def decide_findings(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewDecision]) -> Changed:
    """Decide about findings. Those that the viewer does not see are passed over."""
    which = [Which(one.endpoint_id, one.finding_id) for one in data.findings]
    return _changed(await decide(server, viewer, which, data.state, data.reason, data.days))


@get("/api/v1/findings/matching", opt=needs(Permission.FLEET_READ))
async def show_matching(server: GivenServer, viewer: GivenViewer, q: Query = "") -> Matching:
    """Say what a decision about everything that a query matches would be about."""
    moment = now(server)
    return await server.store.read(lambda connection: triage_all.matching(connection, viewer.scope, q, moment))


@post("/api/v1/findings/triage-all", opt=needs(Permission.FINDINGS_TRIAGE), status_code=200)
async def decide_all_findings(server: GivenServer, viewer: GivenViewer, data: JSONBody[DecisionAboutAll]) -> Changed:
    """Decide about everything that a query matches, if it is still as much as was said."""
    return _changed(await decide_all(server, viewer, data.query, data.expected, data.state, data.reason, data.days))


@post("/api/v1/findings/triage/{change_id:str}/undo", opt=needs(Permission.FINDINGS_TRIAGE), status_code=200)
async def undo_decision(server: GivenServer, viewer: GivenViewer, change_id: Id) -> Changed:
    """Take a decision back where nobody decided otherwise since."""
    return _changed(await undo(server, viewer, change_id))


@get("/api/v1/findings/{endpoint_id:str}/{finding_id:str}/history", opt=needs(Permission.FLEET_READ))
async def show_history(server: GivenServer, viewer: GivenViewer, endpoint_id: Id, finding_id: Id) -> list[Decision]:
    """List every decision about one finding, the last first."""
    which = Which(endpoint_id, finding_id)

    def job(connection: Connection) -> list[Decision] | None:
        seen = findings.is_seen(connection, viewer.scope, endpoint_id, finding_id)
        return triage.history(connection, viewer.scope, which) if seen else None

    found = await server.store.read(job)
    if found is None:
        raise not_found("finding")
    return found


async def decide(server: Server, viewer: Viewer, which: list[Which], state: str, reason: str, days: int) -> Done:
    """Decide for a viewer. Raises RefusedError: 400 `E-triage`, 403 for what only an approver may."""
    moment = server.clock()
    decided = _allowed(viewer, moment, state, reason, days)
    return await server.store.write(
        lambda connection: triage.decide(
            connection, moment, viewer, which, decided.state, decided.reason, decided.until_at
        )
    )


async def decide_all(
    server: Server, viewer: Viewer, query: str, expected: int, state: str, reason: str, days: int
) -> Done:
    """Decide for a viewer about everything that a query matches. Raises as `decide`, and as `triage_all.decide`."""
    moment = now(server)
    decided = _allowed(viewer, round(moment.timestamp() * 1000), state, reason, days)
    return await triage_all.decide(server, viewer, query, decided, expected, moment)


async def undo(server: Server, viewer: Viewer, change_id: str) -> Done:
    """Take a change back for a viewer. Raises RefusedError 404: nothing of it is left to take back."""
    done = await triage_all.undo(server, viewer, change_id)
    if not done.changed:
        raise not_found("decision")
    return done


def _allowed(viewer: Viewer, moment: int, state: str, reason: str, days: int) -> Decided:
    if state not in STATES:
        raise _refused(f"`{state[:40]}` is no state of a finding", f"one of {', '.join(STATES)}")
    if state in (ACCEPTED, FALSE_ALARM) and len(reason.strip()) < SHORTEST_REASON:
        raise _refused("this needs a reason", "say in a sentence why; those who come after read it")
    if state == ACCEPTED and days < 1:
        raise _refused("a risk is accepted until a day", f"say for how many days, at most {MOST_DAYS}")
    if state == ACCEPTED and not viewer.may(Permission.REQUESTS_DECIDE):
        raise RefusedError(403, "E-not-allowed", "only an approver accepts a risk", "acknowledge it, and ask one")
    return Decided(state=state, reason=reason.strip(), until_at=moment + days * DAY if days else None)


def _changed(done: Done) -> Changed:
    return Changed(change_id=done.change_id, changed=done.changed)


def _refused(message: str, hint: str) -> RefusedError:
    return RefusedError(400, "E-triage", message, hint)


ROUTES = [decide_findings, decide_all_findings, show_matching, undo_decision, show_history]
