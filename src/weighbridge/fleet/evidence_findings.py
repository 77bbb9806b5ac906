"""Evidence about findings: what is open, how it went over time, how fast people decide, what became of incidents."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, func, literal_column, or_, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.evidence import (
    BAD,
    GOOD,
    LASTS,
    NUMBER,
    SEVERITY,
    TIME,
    Answer,
    Bar,
    Cell,
    Column,
    told,
)
from weighbridge.fleet.evidence_asking import DAY, Asking
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.listed_findings import WORST_FIRST
from weighbridge.fleet.triage import ACCEPTED, FALSE_ALARM, HISTORY, NEW, TRIAGE, joined, state_now

SEVERE = ("critical", "high")
INTEGRITY = ("digest-mismatch", "import-tampering", "name-mismatch", "license-altered")
LEDGERS = ("ledger-forked", "ledger-replaced", "ledger-rolled-back", "records-missing", "inventory-differs")
_MOST_BARS = 26
_FINDING = (
    Column(name="Severity", kind=SEVERITY),
    Column(name="Check"),
    Column(name="Endpoint"),
    Column(name="Says"),
    Column(name="Artifact", kind="digest"),
)


def open_severe(ask: Asking) -> Answer:
    """List critical and high findings that hold and that nobody accepted or called a false alarm."""
    state = state_now(ask.now)
    digest = func.replace(FINDINGS.c.artifact, "claimed:", "").label("digest")
    columns = (FINDINGS.c.severity, FINDINGS.c.check_id, ENDPOINTS.c.name, FINDINGS.c.message, digest)
    wanted = (
        select(*columns, state.label("state"), FINDINGS.c.first_at)
        .join_from(FINDINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == FINDINGS.c.endpoint_id)
        .join(TRIAGE, joined(), isouter=True)
        .where(
            FINDINGS.c.ended_at.is_(None),
            FINDINGS.c.severity.in_(SEVERE),
            state.not_in((ACCEPTED, FALSE_ALARM)),
            ask.here(FINDINGS),
        )
    )
    rows = ask.rows(wanted.order_by(WORST_FIRST.desc(), FINDINGS.c.first_at, FINDINGS.c.endpoint_id))
    total, critical = ask.count(wanted), ask.count(wanted.where(FINDINGS.c.severity == "critical"))
    return Answer(
        headline=f"{total:,}",
        says=f"critical or high {told(total, 'finding holds', 'findings hold')} unaccepted; {critical:,} critical",
        role=BAD if total else GOOD,
        columns=[*_FINDING, Column(name="State"), Column(name="First seen", kind=TIME)],
        rows=[[*row] for row in rows],
        total=total,
    )


def trend(ask: Asking) -> Answer:
    """Tell how many findings began, ended and held at the end of each week."""
    week = 7 * DAY
    since, until = ask.window
    weeks = max(1, -(-(until - since) // week))
    step = week * max(1, -(-weeks // _MOST_BARS))
    # Constants stand in the statement itself: PostgreSQL compares what is grouped by with what is selected.
    end, long = literal_column(str(until), BigInteger), literal_column(str(step), BigInteger)
    slot, slot_ended = (end - FINDINGS.c.first_at) // long, (end - FINDINGS.c.ended_at) // long
    began = _by_slot(ask, select(slot.label("slot")).where(*ask.during(FINDINGS.c.first_at), ask.here(FINDINGS)))
    ended = _by_slot(ask, select(slot_ended.label("slot")).where(*ask.during(FINDINGS.c.ended_at), ask.here(FINDINGS)))
    held = ask.number(
        select(func.count()).select_from(FINDINGS).where(FINDINGS.c.ended_at.is_(None), ask.here(FINDINGS))
    )
    slots = -(-(until - since) // step)
    rows: list[list[Cell]] = []
    at = held
    for index in range(slots):
        rows.append([until - index * step, began.get(index, 0), ended.get(index, 0), at])
        at += ended.get(index, 0) - began.get(index, 0)
    rows.reverse()
    change = held - at
    return Answer(
        headline=f"{change:+,}" if change else "0",
        says=f"open findings since the beginning: {at:,} then, {held:,} now",
        role=GOOD if change <= 0 else BAD,
        columns=[
            Column(name="Up to", kind=TIME),
            Column(name="Began", kind=NUMBER),
            Column(name="Ended", kind=NUMBER),
            Column(name="Open then", kind=NUMBER),
        ],
        rows=rows,
        total=len(rows),
        chart="How many findings were open?",
        bars=[Bar(label=_day(int(row[0] or 0)), number=int(row[3] or 0)) for row in rows],
    )


def time_to_triage(ask: Asking) -> Answer:
    """Tell how long it took until somebody first decided about a finding, for decisions within the time."""
    decided_at = func.min(HISTORY.c.at).label("decided_at")
    first = (
        select(HISTORY.c.endpoint_id, HISTORY.c.finding_id, decided_at)
        .where(ask.here(HISTORY), HISTORY.c.state != NEW)
        .group_by(HISTORY.c.endpoint_id, HISTORY.c.finding_id)
        .subquery()
    )
    taken = case((first.c.decided_at > FINDINGS.c.first_at, first.c.decided_at - FINDINGS.c.first_at), else_=0)
    same = and_(FINDINGS.c.endpoint_id == first.c.endpoint_id, FINDINGS.c.finding_id == first.c.finding_id)
    lasted = (
        select(FINDINGS.c.severity, taken.label("taken"))
        .join_from(FINDINGS, first, same)
        .where(*ask.during(first.c.decided_at))
        .subquery()
    )
    counted = ask.rows(
        select(lasted.c.severity, func.count().label("number"), func.avg(lasted.c.taken).label("mean")).group_by(
            lasted.c.severity
        )
    )
    by_severity = {row.severity: (row.number, round(row.mean)) for row in counted}
    rows: list[list[Cell]] = []
    for severity in SEVERITIES[::-1]:
        number, mean = by_severity.get(severity, (0, 0))
        if number:
            wanted = select(lasted.c.taken).where(lasted.c.severity == severity).order_by(lasted.c.taken)
            middle = ask.number(wanted.offset(number // 2).limit(1))
            slowest = ask.number(wanted.offset(number * 9 // 10).limit(1))
            rows.append([severity, number, mean, middle, slowest])
    total = sum(number for number, _ in by_severity.values())
    mean = round(sum(number * mean for number, mean in by_severity.values()) / total) if total else 0
    return Answer(
        headline=lasts(mean) if total else "—",
        says=f"is the mean time until somebody first decided about a finding; {total:,} were decided about"
        if total
        else "Nobody decided about a finding within this time",
        columns=[
            Column(name="Severity", kind=SEVERITY),
            Column(name="Decided", kind=NUMBER),
            Column(name="Mean", kind=LASTS),
            Column(name="Median", kind=LASTS),
            Column(name="Nine of ten within", kind=LASTS),
        ],
        rows=rows,
        total=len(rows),
    )


def incidents(ask: Asking) -> Answer:
    """List critical and high findings that began within the time: when each began, was decided about and ended."""
    wanted = (
        select(
            FINDINGS.c.severity,
            FINDINGS.c.check_id,
            ENDPOINTS.c.name,
            FINDINGS.c.message,
            func.replace(FINDINGS.c.artifact, "claimed:", "").label("digest"),
            FINDINGS.c.first_at,
            TRIAGE.c.at,
            TRIAGE.c.by_name,
            FINDINGS.c.ended_at,
        )
        .join_from(FINDINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == FINDINGS.c.endpoint_id)
        .join(TRIAGE, joined(), isouter=True)
        .where(FINDINGS.c.severity.in_(SEVERE), *ask.during(FINDINGS.c.first_at), ask.here(FINDINGS))
    )
    rows = ask.rows(wanted.order_by(FINDINGS.c.first_at, FINDINGS.c.endpoint_id, FINDINGS.c.finding_id))
    total, ended = ask.count(wanted), ask.count(wanted.where(FINDINGS.c.ended_at.is_not(None)))
    return Answer(
        headline=f"{total:,}",
        says=f"critical or high {told(total, 'finding', 'findings')} began within this time; {ended:,} ended since",
        columns=[
            *_FINDING,
            Column(name="Began", kind=TIME),
            Column(name="Last decision", kind=TIME),
            Column(name="Decided by"),
            Column(name="Ended", kind=TIME),
        ],
        rows=[[*row] for row in rows],
        total=total,
    )


def integrity(ask: Asking) -> Answer:
    """List findings that say that something is not what it was or claims to be: artifacts, and ledgers."""
    wanted = (
        select(
            FINDINGS.c.severity,
            FINDINGS.c.check_id,
            ENDPOINTS.c.name,
            FINDINGS.c.message,
            func.replace(FINDINGS.c.artifact, "claimed:", "").label("digest"),
            FINDINGS.c.first_at,
            FINDINGS.c.ended_at,
        )
        .join_from(FINDINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == FINDINGS.c.endpoint_id)
        .where(
            FINDINGS.c.check_id.in_((*INTEGRITY, *LEDGERS)),
            or_(FINDINGS.c.ended_at.is_(None), FINDINGS.c.ended_at >= ask.window.since),
            ask.here(FINDINGS),
        )
    )
    rows = ask.rows(wanted.order_by(WORST_FIRST.desc(), FINDINGS.c.first_at, FINDINGS.c.endpoint_id))
    total, now = ask.count(wanted), ask.count(wanted.where(FINDINGS.c.ended_at.is_(None)))
    return Answer(
        headline=f"{now:,}",
        says=f"{told(now, 'finding says', 'findings say')} now that an artifact or a ledger is not what it was; "
        f"{total:,} did within this time",
        role=BAD if now else GOOD,
        columns=[*_FINDING, Column(name="Began", kind=TIME), Column(name="Ended", kind=TIME)],
        rows=[[*row] for row in rows],
        total=total,
    )


def open_by_check(ask: Asking) -> Answer:
    """Tell which checks find most now, on how many endpoints."""
    number = func.count().label("number")
    on = func.count(FINDINGS.c.endpoint_id.distinct()).label("endpoints")
    wanted = (
        select(FINDINGS.c.check_id, func.max(WORST_FIRST).label("worst"), number, on)
        .where(FINDINGS.c.ended_at.is_(None), ask.here(FINDINGS))
        .group_by(FINDINGS.c.check_id)
    )
    rows = ask.rows(wanted.order_by(func.max(WORST_FIRST).desc(), number.desc(), FINDINGS.c.check_id))
    total = ask.count(wanted)
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'check finds', 'checks find')} something now, "
        f"{sum(row.number for row in rows):,} times in all",
        columns=[
            Column(name="Check"),
            Column(name="Worst", kind=SEVERITY),
            Column(name="Findings", kind=NUMBER),
            Column(name="Endpoints", kind=NUMBER),
        ],
        rows=[[row.check_id, SEVERITIES[row.worst], row.number, row.endpoints] for row in rows],
        total=total,
    )


def lasts(milliseconds: int) -> str:
    """Return a length of time as people say it."""
    minutes = milliseconds / 60_000
    if minutes < 90:
        return f"{minutes:.0f} min"
    hours = minutes / 60
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


def _by_slot(ask: Asking, query: Select[Any]) -> dict[int, int]:
    inner = query.subquery()
    return {
        int(row.slot): row.number
        for row in ask.rows(select(inner.c.slot, func.count().label("number")).group_by(inner.c.slot))
    }


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")
