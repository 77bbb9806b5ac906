"""Exceptions: a rule or a check that does not count for one thing, for a while, because somebody answers for it.

Somebody asks, somebody else decides. An exception always ends; then the finding is there again, and whoever still needs
it asks anew. For checks it has its effect on findings here at once; what endpoints say follows when people have signed
it (`ruling_signing.py`), so that console and endpoint say the same.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Text,
    and_,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from weighbridge.fleet import audit, outbox
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import EVERYTHING, Scope, Viewer
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.visible import visible
from weighbridge.sync.rulings import MOST_ENDPOINTS, Exempted, day_of

ASKED, GRANTED, REFUSED, WITHDRAWN = "asked", "granted", "refused", "withdrawn"
STATES = (ASKED, GRANTED, REFUSED, WITHDRAWN)
ENDPOINT, GROUP, FLEET = "endpoint", "group", "fleet"
SCOPES = (ENDPOINT, GROUP, FLEET)
LONGEST_REASON, LONGEST_NAME = 500, 128
_SHORTEST_REASON = 3
_COMMAND_LINE = "command line"

EXCEPTIONS = reference_table(
    "exceptions",
    Column("exception_id", String(16), primary_key=True),
    Column("rule", String(100), nullable=False),
    Column("check_id", String(100), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("thing", String(100), nullable=False),
    Column("scope", String(16), nullable=False),
    Column("scope_of", String(64), nullable=False),
    Column("owner", String(LONGEST_NAME), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by_id", String(32), nullable=False),
    Column("asked_by", String(LONGEST_NAME), nullable=False),
    integer("asked_at", nullable=False),
    integer("days", nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", String(LONGEST_NAME), nullable=False),
    integer("decided_at"),
    Column("decided_why", Text, nullable=False),
    integer("until_at"),
    integer("signed_at"),
    Column("renews", String(16), nullable=False),
    Index(None, "sha256"),
    Index(None, "state", "until_at"),
)
EVENTS = reference_table(
    "exception_events",
    Column("exception_id", String(16), primary_key=True),
    integer("number", primary_key=True),
    Column("state", String(16), nullable=False),
    Column("before", String(16), nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
    integer("at", nullable=False),
    Column("reason", Text, nullable=False),
)


class Excepted(Struct, frozen=True, kw_only=True):
    """One exception. Times are milliseconds since 1970, UTC."""

    exception_id: str
    rule: str
    """Id of a rule of the policy; empty if it is from a check."""
    check_id: str
    sha256: str
    thing: str
    """A runtime or what listens, if it is for no digest."""
    scope: str
    """One of `SCOPES`."""
    scope_of: str
    """Which endpoint or group."""
    owner: str
    """Who answers for it."""
    reason: str
    asked_by: str
    asked_at: int
    days: int
    """For how long it was asked."""
    state: str
    """One of `STATES`; one that has ended stays `granted`."""
    decided_by: str
    decided_at: int | None
    decided_why: str
    until_at: int | None
    """When it ends, if it was granted."""
    signed_at: int | None
    """When people had signed it, so that endpoints believe it."""
    renews: str
    """The exception that it goes on with."""

    def holds(self, now: int) -> bool:
        """Tell whether it counts."""
        return self.state == GRANTED and self.until_at is not None and now < self.until_at

    @property
    def what(self) -> str:
        """From what, for what, as people say it."""
        return f"{self.rule or self.check_id} for {self.sha256[:12] or self.thing}"


class Event(Struct, frozen=True, kw_only=True):
    """One step in the life of an exception."""

    number: int
    state: str
    before: str
    by_name: str
    at: int
    reason: str


_COLUMNS = [EXCEPTIONS.c[name] for name in Excepted.__struct_fields__]


def add(connection: Connection, now: int, who: Viewer | None, one: Excepted) -> None:
    """Keep what somebody asks for."""
    values = {name: getattr(one, name) for name in Excepted.__struct_fields__}
    connection.execute(insert(EXCEPTIONS).values(**values, asked_by_id=id_of(who)))
    event(connection, now, who, one, ASKED, "", one.reason)


def is_asked(connection: Connection, same: Mapping[str, str]) -> bool:
    """Tell whether the same waits for a decision already: columns and their values."""
    named = [EXCEPTIONS.c[name] == value for name, value in same.items()]
    wanted = select(EXCEPTIONS.c.exception_id).where(*named, EXCEPTIONS.c.state == ASKED)
    return connection.execute(wanted).first() is not None


def asker_of(connection: Connection, exception_id: str) -> str:
    """Return the account that asked; empty for the machine's own command line."""
    wanted = select(EXCEPTIONS.c.asked_by_id).where(EXCEPTIONS.c.exception_id == exception_id)
    return str(connection.execute(wanted).scalar_one())


def change(connection: Connection, exception_id: str, values: Mapping[str, object]) -> None:
    """Write what became of an exception; `event` says it."""
    connection.execute(update(EXCEPTIONS).where(EXCEPTIONS.c.exception_id == exception_id).values(**values))


def from_checks(connection: Connection, now: int, digests: Sequence[str]) -> list[Excepted]:
    """Return the exceptions from checks that hold for any of these digests."""
    held = EXCEPTIONS.c.state == GRANTED, EXCEPTIONS.c.until_at > now, EXCEPTIONS.c.check_id != ""
    found: list[Excepted] = []
    for at in range(0, len(digests), 400):
        some = select(*_COLUMNS).where(*held, EXCEPTIONS.c.sha256.in_(digests[at : at + 400]))
        found += [Excepted(**row._mapping) for row in connection.execute(some)]
    return found


def one_of(connection: Connection, scope: Scope, exception_id: str) -> Excepted:
    """Return one exception within a scope. Raises RefusedError 404."""
    wanted = select(*_COLUMNS).where(EXCEPTIONS.c.exception_id == exception_id, within(scope))
    row = connection.execute(wanted).first()
    if row is None:
        raise not_found("exception")
    return Excepted(**row._mapping)


def listed(
    connection: Connection, scope: Scope, *, state: str = "", sha256: str = "", limit: int = 200
) -> list[Excepted]:
    """Return exceptions within a scope: those that wait for a decision first, then those that end next."""
    wanted = select(*_COLUMNS).where(within(scope))
    if state:
        wanted = wanted.where(EXCEPTIONS.c.state == state)
    if sha256:
        wanted = wanted.where(EXCEPTIONS.c.sha256 == sha256)
    order = EXCEPTIONS.c.state != ASKED, EXCEPTIONS.c.state != GRANTED, EXCEPTIONS.c.until_at.desc()
    ordered = wanted.order_by(*order, EXCEPTIONS.c.asked_at.desc(), EXCEPTIONS.c.exception_id)
    return [Excepted(**row._mapping) for row in connection.execute(ordered.limit(limit))]


def history(connection: Connection, exception_id: str) -> list[Event]:
    """Return every step of one exception, the last first."""
    columns = [EVENTS.c[name] for name in Event.__struct_fields__]
    wanted = select(*columns).where(EVENTS.c.exception_id == exception_id).order_by(EVENTS.c.number.desc())
    return [Event(**row._mapping) for row in connection.execute(wanted.limit(200))]


def within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an exception touches an endpoint within a scope."""
    if scope == EVERYTHING:
        return true()
    seen = select(ENDPOINTS.c.endpoint_id).where(visible(ENDPOINTS, scope))
    groups = select(ENDPOINTS.c.group_name).where(visible(ENDPOINTS, scope))
    return or_(
        EXCEPTIONS.c.scope == FLEET,
        and_(EXCEPTIONS.c.scope == ENDPOINT, EXCEPTIONS.c.scope_of.in_(seen)),
        and_(EXCEPTIONS.c.scope == GROUP, EXCEPTIONS.c.scope_of.in_(groups)),
    )


def to_text(connection: Connection, now: int) -> list[Exempted]:
    """Return every exception that holds, as people sign it. Raises ValueError: one is for too many endpoints."""
    wanted = select(*_COLUMNS).where(EXCEPTIONS.c.state == GRANTED, EXCEPTIONS.c.until_at > now)
    rows = connection.execute(wanted.order_by(EXCEPTIONS.c.exception_id)).all()
    return [_exempted(connection, Excepted(**row._mapping)) for row in rows]


def note_signed(connection: Connection, now: int, signed: Sequence[Exempted]) -> None:
    """Take note of which exceptions endpoints believe from now on."""
    ids = [one.id for one in signed]
    for at in range(0, len(ids), 400):
        some = EXCEPTIONS.c.exception_id.in_(ids[at : at + 400]), EXCEPTIONS.c.signed_at.is_(None)
        connection.execute(update(EXCEPTIONS).where(*some).values(signed_at=now))


def _exempted(connection: Connection, one: Excepted) -> Exempted:
    endpoints: tuple[str, ...] | None = None
    if one.scope == ENDPOINT:
        endpoints = (one.scope_of,)
    elif one.scope == GROUP:
        members = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.group_name == one.scope_of)
        endpoints = tuple(
            connection.execute(members.order_by(ENDPOINTS.c.endpoint_id).limit(MOST_ENDPOINTS + 1)).scalars()
        )
        if len(endpoints) > MOST_ENDPOINTS:
            raise ValueError(
                f"the group {one.scope_of} of exception {one.exception_id} has over {MOST_ENDPOINTS} endpoints"
            )
    return Exempted(
        id=one.exception_id,
        rule=one.rule,
        check=one.check_id,
        sha256=one.sha256,
        thing=one.thing,
        owner=one.owner,
        reason=one.reason,
        by=one.decided_by,
        until=day_of(datetime.fromtimestamp((one.until_at or 1) / 1000, UTC) - timedelta(milliseconds=1)),
        endpoints=endpoints,
    )


def event(
    connection: Connection,
    now: int,
    who: Viewer | None,
    one: Excepted,
    state: str,
    before: str,
    reason: str,
    *,
    tells: bool = True,
) -> None:
    """Keep one step in the life of an exception, in the audit trail too, and tell of it once."""
    same = EVENTS.c.exception_id == one.exception_id
    number = (connection.execute(select(func.max(EVENTS.c.number)).where(same)).scalar() or 0) + 1
    row = {"state": state, "before": before, "by_name": name_of(who), "at": now, "reason": reason}
    connection.execute(insert(EVENTS).values(exception_id=one.exception_id, number=number, **row))
    detail = {"rule": one.rule, "check": one.check_id, "sha256": one.sha256, "thing": one.thing}
    detail |= {
        "scope": f"{one.scope} {one.scope_of}".strip(),
        "owner": one.owner,
        "reason": reason,
    }
    audit.note(connection, now, who, f"exception.{state}", one.exception_id, detail)
    if tells:
        why = f": {reason}" if reason else ""
        said = f"{name_of(who)} {_SAID[state]} an exception from {one.what}, {one.owner} answers for it{why}"
        told = {"change_id": one.exception_id, "by": name_of(who), "message": said, "severity": "medium"}
        outbox.tell(connection, "", outbox.DECISION, told | detail, now)


_SAID = {ASKED: "asks for", GRANTED: "granted", REFUSED: "refused", WITHDRAWN: "withdrew"}


def count(connection: Connection, now: int) -> int:
    """Return how many exceptions hold."""
    held = EXCEPTIONS.c.state == GRANTED, EXCEPTIONS.c.until_at > now
    return int(connection.execute(select(func.count()).select_from(EXCEPTIONS).where(*held)).scalar_one())


def scope_of(who: Viewer | None) -> Scope:
    """Return what somebody sees; the command line sees everything."""
    return who.scope if who else EVERYTHING


def name_of(who: Viewer | None) -> str:
    """Return what somebody is called in lists."""
    return who.name if who else _COMMAND_LINE


def id_of(who: Viewer | None) -> str:
    """Return the account of somebody; empty for the command line."""
    return who.account_id if who else ""


def reason_of(text: str) -> str:
    """Return a reason as it is kept. Raises RefusedError `E-exception`."""
    reason = text.strip()
    if not _SHORTEST_REASON <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise refused(
            "this needs a reason, in one line", f"say why in {_SHORTEST_REASON} to {LONGEST_REASON} characters"
        )
    return reason


def refused(said: str, hint: str) -> RefusedError:
    """Return the error for an exception that nobody can have."""
    return RefusedError(400, "E-exception", said, hint)
