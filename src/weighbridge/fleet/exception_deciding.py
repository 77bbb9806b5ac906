"""Deciding about exceptions: granting, refusing, withdrawing, taking that back; and what follows for findings here."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from weighbridge.fleet import triage
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.exceptions import (
    ASKED,
    ENDPOINT,
    GRANTED,
    GROUP,
    REFUSED,
    WITHDRAWN,
    Excepted,
    asker_of,
    change,
    count,
    event,
    from_checks,
    history,
    id_of,
    name_of,
    one_of,
    reason_of,
    refused,
    scope_of,
)
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.inventory import Change, artifact_of
from weighbridge.fleet.permissions import EVERYTHING, Scope, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.untrusted import word
from weighbridge.sync.rulings import MOST_RULINGS

DAY = 86_400_000


def decide(
    connection: Connection,
    now: int,
    who: Viewer | None,
    exception_id: str,
    state: str,
    reason: str,
    days: int | None = None,
) -> Excepted:
    """Grant or refuse what somebody else asked for, or withdraw what was granted.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: decides.
        exception_id: which.
        state: `granted`, `refused` or `withdrawn`.
        reason: why; a grant needs none.
        days: for how long, at most as long as was asked for; None: as long.

    Raises:
        RefusedError: `E-exception`; 403 `E-not-allowed`: they asked themselves; 404.
    """
    one = one_of(connection, scope_of(who), exception_id)
    if state not in (GRANTED, REFUSED, WITHDRAWN) or one.state != (GRANTED if state == WITHDRAWN else ASKED):
        raise refused(f"this is {one.state}; it cannot be {state[:40]} now", "look at it again")
    _check_reach(scope_of(who), one)
    if state == GRANTED and asker_of(connection, exception_id) == id_of(who):
        raise RefusedError(403, "E-not-allowed", "who asks does not decide", "let somebody else look at it")
    why = reason_of(reason) if state != GRANTED else _optional(reason)
    values: dict[str, object] = {
        "state": state,
        "decided_by": name_of(who),
        "decided_at": now,
        "decided_why": why,
    }
    if state == GRANTED:
        if count(connection, now) >= MOST_RULINGS:
            raise refused(f"{MOST_RULINGS} exceptions hold already", "withdraw what nobody needs any more")
        values["until_at"] = _end(now, min(days or one.days, one.days))
    change(connection, exception_id, values)
    event(connection, now, who, one, state, one.state, why)
    done = one_of(connection, EVERYTHING, exception_id)
    _take_effect(connection, now, done)
    if state == GRANTED and one.renews:
        _end_renewed(connection, now, who, one)
    return done


def undo(connection: Connection, now: int, who: Viewer | None, exception_id: str) -> Excepted:
    """Take the last decision about an exception back: it is as it was before. Raises RefusedError."""
    one = one_of(connection, scope_of(who), exception_id)
    _check_reach(scope_of(who), one)
    last = history(connection, exception_id)[0]
    if not last.before or last.state != one.state:
        raise refused("nobody has decided about this since", "decide about it instead")
    if one.state == WITHDRAWN and (one.until_at is None or one.until_at <= now):
        raise refused("it would have ended by now", "ask for it anew")
    values: dict[str, object] = {"state": last.before}
    if last.before == ASKED:
        values |= {"decided_by": "", "decided_at": None, "decided_why": "", "until_at": None}
    change(connection, exception_id, values)
    event(connection, now, who, one, last.before, "", f"took back: {one.state}")
    done = one_of(connection, EVERYTHING, exception_id)
    _take_effect(connection, now, done)
    return done


def _check_reach(scope: Scope, one: Excepted) -> None:
    """Let nobody decide about more of the fleet than they see. Raises RefusedError 403."""
    if scope == EVERYTHING or one.scope == ENDPOINT or (one.scope == GROUP and one.scope_of in (scope.groups or ())):
        return
    raise RefusedError(
        403, "E-not-allowed", "this is for more of the fleet than you see", "ask somebody who sees it all"
    )


def follow(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> None:
    """Let exceptions count for findings that came with records. Within the write of those records."""
    found = {
        (word(change.record.data, "check", 80) or "", artifact_of("finding", change.record.data))
        for change in changes
        if change.kind == "finding" and not change.ended
    }
    if not found:
        return
    now = max(change.at for change in changes)
    for one in from_checks(connection, now, sorted({digest for _, digest in found})):
        if (one.check_id, one.sha256) in found:
            _accept(connection, one, now, endpoint_id)


def _take_effect(connection: Connection, now: int, one: Excepted) -> None:
    if not one.check_id:
        return
    triage.release(connection, one.exception_id)
    if one.holds(now):
        _accept(connection, one, now)


def _accept(connection: Connection, one: Excepted, now: int, endpoint_id: str = "") -> None:
    which = [FINDINGS.c.check_id == one.check_id, FINDINGS.c.artifact == one.sha256, FINDINGS.c.ended_at.is_(None)]
    if endpoint_id:
        which.append(FINDINGS.c.endpoint_id == endpoint_id)
    if one.scope == ENDPOINT:
        which.append(FINDINGS.c.endpoint_id == one.scope_of)
    elif one.scope == GROUP:
        members = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.group_name == one.scope_of)
        which.append(FINDINGS.c.endpoint_id.in_(members))
    reason = f"Exception {one.exception_id}, {one.owner} answers for it: {one.reason}"
    triage.accept(
        connection, which, triage.Accepting(one.exception_id, reason, one.until_at or now, one.decided_by, now)
    )


def _end_renewed(connection: Connection, now: int, who: Viewer | None, new: Excepted) -> None:
    """End what a granted exception goes on with."""
    old = one_of(connection, EVERYTHING, new.renews)
    if old.state != GRANTED:
        return
    values = {"state": WITHDRAWN, "decided_why": f"goes on as {new.exception_id}"}
    change(connection, old.exception_id, values)
    event(connection, now, who, old, WITHDRAWN, GRANTED, values["decided_why"], tells=False)
    triage.release(connection, old.exception_id)
    _take_effect(connection, now, one_of(connection, EVERYTHING, new.exception_id))


def _end(now: int, days: int) -> int:
    """Return the end of the last day: an exception for one day holds until tomorrow is over."""
    return (now // DAY + days + 1) * DAY


def _optional(text: str) -> str:
    return reason_of(text) if text.strip() else ""
