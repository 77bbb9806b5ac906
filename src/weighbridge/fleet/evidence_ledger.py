"""Evidence about records: how far ledgers are witnessed, where they have gaps, and for how long records are kept."""

from sqlalchemy import case, func, or_, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.evidence import (
    BAD,
    GOOD,
    LASTS,
    NUMBER,
    TIME,
    WORTH_A_LOOK,
    Answer,
    Column,
    percent,
    share_of,
    told,
)
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.evidence_findings import lasts
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.witness import COPIES

BROKEN = ("ledger-forked", "ledger-replaced", "ledger-rolled-back")
GAPS = ("gap", "overload")
"""Kinds of records that say that something was not recorded."""


def ledger_integrity(ask: Asking) -> Answer:
    """Tell how much of the records is under a cosigned checkpoint, and list the ledgers that were rewritten."""
    row = ask.rows(
        select(
            func.count().label("ledgers"),
            func.coalesce(func.sum(COPIES.c.size), 0).label("records"),
            func.coalesce(
                func.sum(case((COPIES.c.cosigned < COPIES.c.size, COPIES.c.cosigned), else_=COPIES.c.size)), 0
            ).label("cosigned"),
            func.coalesce(func.sum(COPIES.c.skipped), 0).label("skipped"),
        ).where(ask.here(COPIES))
    )[0]
    wanted = (
        select(
            FINDINGS.c.check_id,
            ENDPOINTS.c.name,
            FINDINGS.c.endpoint_id,
            FINDINGS.c.message,
            FINDINGS.c.first_at,
            FINDINGS.c.ended_at,
        )
        .join_from(FINDINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == FINDINGS.c.endpoint_id)
        .where(
            FINDINGS.c.check_id.in_((*BROKEN, "records-missing")),
            or_(FINDINGS.c.ended_at.is_(None), FINDINGS.c.ended_at >= ask.window.since),
            ask.here(FINDINGS),
        )
    )
    rows = ask.rows(wanted.order_by(FINDINGS.c.first_at, FINDINGS.c.endpoint_id))
    broken = ask.count(wanted.where(FINDINGS.c.check_id.in_(BROKEN), FINDINGS.c.ended_at.is_(None)))
    share = share_of(int(row.cosigned), int(row.records))
    return Answer(
        headline=f"{broken:,}",
        says=f"{told(broken, 'ledger was', 'ledgers were')} rewritten, rolled back or replaced; {percent(share)} of "
        f"{int(row.records):,} records in {row.ledgers:,} ledgers are under a cosigned checkpoint, "
        f"{int(row.skipped):,} records were removed before they came",
        role=BAD if broken else GOOD,
        columns=[
            *(Column(name=word) for word in ("Check", "Host name", "Endpoint", "Says")),
            Column(name="Since", kind=TIME),
            Column(name="Ended", kind=TIME),
        ],
        rows=[[*one] for one in rows],
        total=ask.count(wanted),
    )


def ledger_gaps(ask: Asking) -> Answer:
    """List endpoints whose ledger says that nothing was recorded for a while."""
    number, last = func.count().label("number"), func.max(RECORDS.c.received_at).label("last")
    grouped = (
        select(RECORDS.c.endpoint_id, number, last)
        .where(RECORDS.c.kind.in_(GAPS), *ask.during(RECORDS.c.received_at), ask.here(RECORDS))
        .group_by(RECORDS.c.endpoint_id)
        .subquery()
    )
    wanted = select(grouped.c.endpoint_id, ENDPOINTS.c.name, grouped.c.number, grouped.c.last).join_from(
        grouped, ENDPOINTS, ENDPOINTS.c.endpoint_id == grouped.c.endpoint_id
    )
    rows = ask.rows(wanted.order_by(grouped.c.number.desc(), grouped.c.endpoint_id))
    total = ask.count(wanted)
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'ledger says', 'ledgers say')} that nothing, or not all, was recorded for a while"
        if total
        else "No ledger says that something was not recorded",
        role=WORTH_A_LOOK if total else GOOD,
        columns=[
            Column(name="Endpoint"),
            Column(name="Host name"),
            Column(name="Gaps", kind=NUMBER),
            Column(name="Last came", kind=TIME),
        ],
        rows=[[*row] for row in rows],
        total=total,
    )


def log_retention(ask: Asking) -> Answer:
    """Tell since when records are kept here, for the fleet and for the endpoints with the shortest history."""
    oldest = ask.number(select(func.min(RECORDS.c.received_at)).where(ask.here(RECORDS)))
    kept = ask.number(select(func.coalesce(func.sum(COPIES.c.size), 0)).where(ask.here(COPIES)))
    columns = (COPIES.c.endpoint_id, ENDPOINTS.c.name, ENDPOINTS.c.enrolled_at, COPIES.c.size, COPIES.c.skipped)
    wanted = select(*columns, COPIES.c.changed_at).join_from(
        COPIES, ENDPOINTS, ENDPOINTS.c.endpoint_id == COPIES.c.endpoint_id
    )
    wanted = wanted.where(ask.here(COPIES))
    rows = ask.rows(wanted.order_by(COPIES.c.skipped.desc(), COPIES.c.endpoint_id))
    age = ask.now - oldest if oldest else 0
    return Answer(
        headline=lasts(age) if oldest else "—",
        says=f"is the age of the oldest record that is kept here; {kept:,} records came in all"
        if oldest
        else "No record is kept here",
        columns=[
            Column(name="Endpoint"),
            Column(name="Host name"),
            Column(name="Enrolled", kind=TIME),
            Column(name="Records", kind=NUMBER),
            Column(name="Removed before they came", kind=NUMBER),
            Column(name="Last checkpoint", kind=TIME),
            Column(name="Age of that", kind=LASTS),
        ],
        rows=[[*row, ask.now - row.changed_at] for row in rows],
        total=ask.count(wanted),
    )
