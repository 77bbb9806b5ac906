"""What people decided about findings: who, when, why and until when, with every earlier decision kept.

A decision is about a finding on one endpoint. What was decided together has one change id and can be undone together,
as long as nobody decided otherwise since. A decision that has ended is as if it had not been made.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
)

from weighbridge.fleet import audit, findings, outbox
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import SUBJECT_LENGTH
from weighbridge.fleet.permissions import EVERYTHING, Scope, Viewer
from weighbridge.fleet.statements import insert_or, upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.visible import visible

NEW, ACKNOWLEDGED, ACCEPTED, FALSE_ALARM = "new", "acknowledged", "accepted", "false_alarm"
STATES = (NEW, ACKNOWLEDGED, ACCEPTED, FALSE_ALARM)
"""Nobody decided; somebody is at it; the risk is taken until a day; it is none."""
MOST_AT_ONCE = 500
_CHANGE_LENGTH = 16


def _columns() -> tuple[Column[Any], ...]:
    return (
        Column("finding_id", String(SUBJECT_LENGTH), primary_key=True),
        Column("state", String(16), nullable=False),
        Column("reason", Text, nullable=False),
        integer("until_at"),
        Column("by_id", String(32), nullable=False),
        Column("by_name", String(128), nullable=False),
        integer("at", nullable=False),
    )


TRIAGE = endpoint_table("triage", *_columns(), Column("change_id", String(_CHANGE_LENGTH), nullable=False))
HISTORY = endpoint_table(
    "triage_history",
    Column("change_id", String(_CHANGE_LENGTH), primary_key=True),
    *_columns(),
    Column("before_id", String(_CHANGE_LENGTH), nullable=False),
    Index(None, "change_id"),
)


class Decision(NamedTuple):
    """One decision about one finding. Times are milliseconds since 1970, UTC."""

    change_id: str
    state: str
    reason: str
    until_at: int | None
    by_name: str
    at: int


class Which(NamedTuple):
    """A finding on an endpoint."""

    endpoint_id: str
    finding_id: str


class Done(NamedTuple):
    """What a change did."""

    change_id: str
    """Undoes it."""
    changed: int


def decide(
    connection: Connection,
    now: int,
    who: Viewer,
    which: Sequence[Which],
    state: str,
    reason: str,
    until_at: int | None,
) -> Done:
    """Decide about findings that the viewer may see; others are passed over, as if they were not there.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: decides.
        which: findings; at most `MOST_AT_ONCE`.
        state: one of `STATES`; `new` takes a decision back.
        reason: why, for those who come after.
        until_at: when it ends; None: never.
    """
    change_id = new_change()
    seen = write(connection, now, who, which, state, reason, until_at, change_id)
    tell_decision(connection, now, who, change_id, seen, {"state": state, "reason": reason[:500], "until_at": until_at})
    return Done(change_id, seen)


def new_change() -> str:
    """Return the id of a change; what is decided together has one."""
    return secrets.token_hex(_CHANGE_LENGTH // 2)


def write(
    connection: Connection,
    now: int,
    who: Viewer,
    which: Sequence[Which],
    state: str,
    reason: str,
    until_at: int | None,
    change_id: str,
) -> int:
    """Write a decision, or a part of one, and tell nobody; return about how many findings it is. As `decide` else."""
    seen = _visible(connection, who.scope, which)
    before = {Which(row.endpoint_id, row.finding_id): row.change_id for row in _rows(connection, TRIAGE, seen)}
    rows = [
        {
            "endpoint_id": one.endpoint_id,
            "finding_id": one.finding_id,
            "state": state,
            "reason": reason,
            "until_at": until_at,
            "by_id": who.account_id,
            "by_name": who.name,
            "at": now,
            "change_id": change_id,
        }
        for one in seen
    ]
    upsert(connection, TRIAGE, rows)
    upsert(
        connection,
        HISTORY,
        [row | {"before_id": before.get(one, "")} for one, row in zip(seen, rows, strict=True)],
    )
    return len(seen)


def tell_decision(
    connection: Connection, now: int, who: Viewer, change_id: str, findings: int, detail: Mapping[str, object]
) -> None:
    """Write a decision to the trail, and tell of it: once, about however many findings it is."""
    said = {**detail, "findings": findings}
    audit.note(connection, now, who, "finding.triage", change_id, said)
    if findings:
        state = str(detail["state"]).replace("_", " ")
        message = f"{who.name} decided about {findings} finding{'s' * (findings > 1)}: {state}"
        outbox.tell(connection, "", outbox.DECISION, said | _told(change_id, who, message), now)


def undo(connection: Connection, now: int, who: Viewer, change_id: str) -> Done:
    """Take a change back where it is still the last one; return how many decisions are as they were before it."""
    restored = take_back(connection, who.scope, change_id)
    tell_undone(connection, now, who, change_id, restored)
    return Done(change_id, restored)


def take_back(connection: Connection, scope: Scope, change_id: str) -> int:
    """Take back up to `MOST_AT_ONCE` decisions of a change, where it is still the last, and tell nobody."""
    query = _still(select(HISTORY), scope, change_id).order_by(HISTORY.c.endpoint_id, HISTORY.c.finding_id)
    made = connection.execute(query.limit(MOST_AT_ONCE)).all()
    for row in made:
        same = (TRIAGE.c.endpoint_id == row.endpoint_id, TRIAGE.c.finding_id == row.finding_id)
        connection.execute(delete(TRIAGE).where(*same))
        earlier = connection.execute(
            select(HISTORY).where(
                HISTORY.c.endpoint_id == row.endpoint_id,
                HISTORY.c.finding_id == row.finding_id,
                HISTORY.c.change_id == row.before_id,
            )
        ).first()
        if earlier is not None:
            kept = {column.name: getattr(earlier, column.name) for column in TRIAGE.columns}
            connection.execute(insert(TRIAGE).values(kept))
    return len(made)


def still(connection: Connection, scope: Scope, change_id: str) -> int:
    """Return about how many findings a change is still the last decision."""
    counted = _still(select(func.count()).select_from(HISTORY), scope, change_id)
    return int(connection.execute(counted).scalar_one())


def _still(query: Select[Any], scope: Scope, change_id: str) -> Select[Any]:
    last = and_(
        TRIAGE.c.endpoint_id == HISTORY.c.endpoint_id,
        TRIAGE.c.finding_id == HISTORY.c.finding_id,
        TRIAGE.c.change_id == HISTORY.c.change_id,
    )
    return query.join(TRIAGE, last).where(HISTORY.c.change_id == change_id, visible(HISTORY, scope))


def tell_undone(connection: Connection, now: int, who: Viewer, change_id: str, restored: int) -> None:
    """Write to the trail that a change was taken back, and tell of it."""
    audit.note(connection, now, who, "finding.undo", change_id, {"findings": restored})
    if restored:
        said = f"{who.name} took a decision about {restored} finding{'s' * (restored > 1)} back"
        outbox.tell(connection, "", outbox.DECISION, {"findings": restored} | _told(change_id, who, said), now)


def touched(connection: Connection, change_id: str) -> list[Which]:
    """Return the findings that a change was about."""
    query = select(HISTORY.c.endpoint_id, HISTORY.c.finding_id).where(HISTORY.c.change_id == change_id)
    rows = connection.execute(query.order_by(HISTORY.c.endpoint_id, HISTORY.c.finding_id).limit(MOST_AT_ONCE))
    return [Which(row.endpoint_id, row.finding_id) for row in rows]


class Accepting(NamedTuple):
    """What is accepted at once, because an exception was granted for it."""

    change_id: str
    """That of the exception."""
    reason: str
    until_at: int
    by_name: str
    at: int


def accept(connection: Connection, which: Sequence[ColumnElement[bool]], what: Accepting) -> None:
    """Accept findings because an exception holds for them; whoever granted it has said so.

    Args:
        connection: within a write.
        which: conditions on `FINDINGS`.
        what: until when and why.
    """
    given: dict[str, Any] = {"state": ACCEPTED, "by_id": "", **what._asdict()}
    named = {"endpoint_id": FINDINGS.c.endpoint_id, "finding_id": FINDINGS.c.finding_id}
    values = named | {name: literal(value, TRIAGE.c[name].type) for name, value in given.items()}
    before = func.coalesce(TRIAGE.c.change_id, "")
    kept = select(*values.values(), before).select_from(FINDINGS.outerjoin(TRIAGE, joined())).where(*which)
    for table, query in ((HISTORY, kept), (TRIAGE, select(*values.values()).where(*which))):
        columns = [*values, "before_id"] if table is HISTORY else [*values]
        statement = insert_or(connection, table).from_select(columns, query)
        key = [column.name for column in table.primary_key]
        fresh = {name: statement.excluded[name] for name in ("state", "reason", "until_at", "by_name", "at")}
        fresh["change_id"] = statement.excluded.change_id
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh))


def release(connection: Connection, change_id: str) -> None:
    """Let findings be new again that were accepted by an exception, where nobody decided otherwise since."""
    told = select(HISTORY.c.endpoint_id, HISTORY.c.finding_id).where(HISTORY.c.change_id == change_id)
    same = tuple_(TRIAGE.c.endpoint_id, TRIAGE.c.finding_id).in_(told)
    connection.execute(delete(TRIAGE).where(same, TRIAGE.c.change_id == change_id))


def history(connection: Connection, scope: Scope, which: Which) -> list[Decision]:
    """Return every decision about one finding, the last first; what was undone stays in it."""
    query = (
        select(*(HISTORY.c[name] for name in Decision._fields))
        .where(
            HISTORY.c.endpoint_id == which.endpoint_id,
            HISTORY.c.finding_id == which.finding_id,
            visible(HISTORY, scope),
        )
        .order_by(HISTORY.c.at.desc(), HISTORY.c.change_id)
    )
    return [Decision(*row) for row in connection.execute(query.limit(MOST_AT_ONCE))]


def state_now(now: int) -> ColumnElement[str]:
    """Return the state of a finding, for a query that joins `TRIAGE` from the outside."""
    ended = and_(TRIAGE.c.until_at.is_not(None), TRIAGE.c.until_at <= now)
    return case((or_(TRIAGE.c.state.is_(None), ended), NEW), else_=TRIAGE.c.state)


def joined() -> ColumnElement[bool]:
    """Return how `TRIAGE` belongs to `FINDINGS`."""
    return and_(TRIAGE.c.endpoint_id == FINDINGS.c.endpoint_id, TRIAGE.c.finding_id == FINDINGS.c.finding_id)


def reason_now() -> ColumnElement[str]:
    """Return the reason of the last decision, empty without one."""
    return func.coalesce(TRIAGE.c.reason, "")


def _told(change_id: str, who: Viewer, message: str) -> dict[str, object]:
    return {"change_id": change_id, "by": who.name, "message": message}


def _visible(connection: Connection, scope: Scope, which: Sequence[Which]) -> list[Which]:
    wanted = list(dict.fromkeys(which))[:MOST_AT_ONCE]
    found = {Which(row.endpoint_id, row.finding_id) for row in _rows(connection, FINDINGS, wanted, scope)}
    return sorted(one for one in wanted if one in found)


def _rows(connection: Connection, table: Table, which: Sequence[Which], scope: Scope = EVERYTHING) -> list[Row[Any]]:
    by_endpoint: dict[str, list[str]] = {}
    for one in which:
        by_endpoint.setdefault(one.endpoint_id, []).append(one.finding_id)
    rows: list[Row[Any]] = []
    for endpoint_id, finding_ids in by_endpoint.items():
        query = select(table).where(table.c.endpoint_id == endpoint_id, table.c.finding_id.in_(finding_ids))
        rows += connection.execute(query.where(visible(table, scope))).all()
    return rows


def prune(connection: Connection, before: int, limit: int) -> int:
    """Remove findings that ended before a time, with what was decided about them; return how many.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    keys = findings.prune(connection, before, limit)
    if keys:
        rows = [{"whose": whose, "which": which} for whose, which in keys]
        for table in (TRIAGE, HISTORY):
            named = (table.c.endpoint_id == bindparam("whose"), table.c.finding_id == bindparam("which"))
            connection.execute(delete(table).where(*named), rows)
    return len(keys)
