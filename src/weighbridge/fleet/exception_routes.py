"""Exceptions under /api/v1: asking for one, deciding, renewing, withdrawing, taking a decision back."""

from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody, Parameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import exception_asking, exception_deciding, exceptions
from weighbridge.fleet.exception_asking import Asking
from weighbridge.fleet.exceptions import LONGEST_NAME, LONGEST_REASON, STATES, Event, Excepted
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Scope
from weighbridge.sync.rulings import LONGEST_DAYS

Status = Annotated[str, Parameter(max_length=16)]
Sha256 = Annotated[str, Parameter(max_length=64)]
_SEE, _ASK, _DECIDE = (
    needs(Permission.OWN_DEVICE),
    needs(Permission.EXCEPTIONS_ASK),
    needs(Permission.REQUESTS_DECIDE),
)
Name = Annotated[str, Meta(max_length=100)]
Reason = Annotated[str, Meta(max_length=LONGEST_REASON)]
Days = Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]


class NewException(Struct, forbid_unknown_fields=True, kw_only=True):
    """From which rule or check, for which digest or runtime, where, for how long, and who answers for it."""

    rule: Name = ""
    check: Name = ""
    sha256: Annotated[str, Meta(max_length=80)] = ""
    thing: Name = ""
    scope: Annotated[str, Meta(max_length=16, description=f"One of {', '.join(exceptions.SCOPES)}.")] = "endpoint"
    scope_of: Annotated[str, Meta(max_length=64)] = ""
    """The endpoint or the group."""
    owner: Annotated[str, Meta(max_length=LONGEST_NAME)] = ""
    """Empty: whoever asks."""
    reason: Reason
    days: Days = 30


class Renewal(Struct, forbid_unknown_fields=True, kw_only=True):
    """For how long it is asked once more."""

    days: Days = 30
    reason: Reason = ""
    """Empty: as before."""


class ExceptionDecision(Struct, forbid_unknown_fields=True, kw_only=True):
    """What somebody decided about an exception."""

    state: Annotated[str, Meta(max_length=16, description="`granted`, `refused` or `withdrawn`.")]
    reason: Reason = ""
    """Needed for all but granting."""
    days: Days | None = None
    """At most as many as were asked for; none: as many."""


class ExceptionHistory(Struct, kw_only=True):
    """One exception with every step of it, the last first."""

    exception: Excepted
    history: list[Event]


@get("/api/v1/exceptions", opt=_SEE)
async def list_exceptions(
    server: GivenServer, viewer: GivenViewer, status: Status = "", sha256: Sha256 = ""
) -> list[Excepted]:
    """List exceptions, those that wait for a decision first; in one state, or for one digest, if asked."""
    wanted = status if status in STATES else ""
    return await server.store.read(
        lambda connection: exceptions.listed(connection, viewer.scope, state=wanted, sha256=sha256)
    )


@get("/api/v1/exceptions/{exception_id:str}", opt=_SEE)
async def show_exception(server: GivenServer, viewer: GivenViewer, exception_id: Id) -> ExceptionHistory:
    """Show one exception with its history."""
    return await server.store.read(lambda connection: story(connection, viewer.scope, exception_id))


@post("/api/v1/exceptions", opt=_ASK)
async def ask_for_exception(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewException]) -> Excepted:
    """Ask for an exception. It changes nothing until somebody else grants it."""
    now, asked = server.clock(), asking_of(data)
    return await server.store.write(lambda connection: exception_asking.ask(connection, now, viewer, asked))


@post("/api/v1/exceptions/{exception_id:str}/renew", opt=_ASK)
async def renew_exception(
    server: GivenServer, viewer: GivenViewer, exception_id: Id, data: JSONBody[Renewal]
) -> Excepted:
    """Ask for the same once more; whoever decides sees what it goes on with."""
    now = server.clock()
    return await server.store.write(
        lambda connection: exception_asking.renew(connection, now, viewer, exception_id, data.days, data.reason)
    )


@post("/api/v1/exceptions/{exception_id:str}/decide", opt=_DECIDE, status_code=200)
async def decide_exception(
    server: GivenServer, viewer: GivenViewer, exception_id: Id, data: JSONBody[ExceptionDecision]
) -> Excepted:
    """Grant or refuse what somebody else asked for, or withdraw what was granted."""
    now = server.clock()
    return await server.store.write(
        lambda connection: exception_deciding.decide(
            connection, now, viewer, exception_id, data.state, data.reason, data.days
        )
    )


@post("/api/v1/exceptions/{exception_id:str}/undo", opt=_DECIDE, status_code=200)
async def undo_exception(server: GivenServer, viewer: GivenViewer, exception_id: Id) -> Excepted:
    """Take the last decision about an exception back."""
    now = server.clock()
    return await server.store.write(lambda connection: exception_deciding.undo(connection, now, viewer, exception_id))


def asking_of(data: NewException) -> Asking:
    """Return what the fleet is asked for."""
    return Asking(
        rule=data.rule,
        check_id=data.check,
        sha256=data.sha256,
        thing=data.thing,
        scope=data.scope,
        scope_of=data.scope_of,
        owner=data.owner,
        reason=data.reason,
        days=data.days,
    )


def story(connection: Connection, scope: Scope, exception_id: str) -> ExceptionHistory:
    """Return one exception with its history. Raises RefusedError 404."""
    found = exceptions.one_of(connection, scope, exception_id)
    return ExceptionHistory(exception=found, history=exceptions.history(connection, exception_id))


ROUTES = [list_exceptions, show_exception, ask_for_exception, renew_exception, decide_exception, undo_exception]
