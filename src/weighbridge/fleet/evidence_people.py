"""Evidence about people: what they decided and until when, who may do what here, and what was changed by whom."""

from sqlalchemy import func, or_, select

from weighbridge.fleet.accounts import ACCOUNTS
from weighbridge.fleet.audit import ENTRIES
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.evidence import GOOD, NUMBER, SEVERITY, TIME, WORTH_A_LOOK, Answer, Column, told
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.triage import ACCEPTED, FALSE_ALARM, HISTORY, TRIAGE, joined
from weighbridge.report.words import counted

_STAYS = (ACCEPTED, FALSE_ALARM)


def exceptions(ask: Asking) -> Answer:
    """List findings that are accepted or called a false alarm now: who said so, why, until when."""
    wanted = (
        select(
            TRIAGE.c.state,
            FINDINGS.c.severity,
            FINDINGS.c.check_id,
            ENDPOINTS.c.name,
            TRIAGE.c.by_name,
            TRIAGE.c.reason,
            TRIAGE.c.at,
            TRIAGE.c.until_at,
        )
        .join_from(TRIAGE, FINDINGS, joined())
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == TRIAGE.c.endpoint_id)
        .where(
            TRIAGE.c.state.in_(_STAYS),
            or_(TRIAGE.c.until_at.is_(None), TRIAGE.c.until_at > ask.now),
            ask.here(TRIAGE),
        )
    )
    rows = ask.rows(wanted.order_by(TRIAGE.c.at.desc(), TRIAGE.c.endpoint_id, TRIAGE.c.finding_id))
    endless = ask.count(wanted.where(TRIAGE.c.until_at.is_(None), TRIAGE.c.state == ACCEPTED))
    ended = ask.number(
        select(func.count())
        .select_from(TRIAGE)
        .where(TRIAGE.c.state.in_(_STAYS), *ask.during(TRIAGE.c.until_at), ask.here(TRIAGE))
    )
    total = ask.count(wanted)
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'finding is', 'findings are')} accepted or a false alarm; {endless:,} accepted "
        f"without an end, {ended:,} decisions ended within this time",
        role=WORTH_A_LOOK if endless else GOOD,
        columns=[
            Column(name="State"),
            Column(name="Severity", kind=SEVERITY),
            *(Column(name=word) for word in ("Check", "Endpoint", "Decided by", "Reason")),
            Column(name="Since", kind=TIME),
            Column(name="Until", kind=TIME),
        ],
        rows=[[*row] for row in rows],
        total=total,
    )


def decisions(ask: Asking) -> Answer:
    """Tell who decided about findings within the time, and what."""
    grouped = (
        select(HISTORY.c.by_name, HISTORY.c.state, func.count().label("number"), func.max(HISTORY.c.at).label("last"))
        .where(*ask.during(HISTORY.c.at), ask.here(HISTORY))
        .group_by(HISTORY.c.by_name, HISTORY.c.state)
    )
    rows = ask.rows(grouped.order_by(HISTORY.c.by_name, HISTORY.c.state))
    made = sum(row.number for row in rows)
    people = len({row.by_name for row in rows})
    return Answer(
        headline=f"{made:,}",
        says=f"{told(made, 'decision', 'decisions')} about findings within this time, "
        f"by {counted(people, 'person', 'people')}",
        columns=[
            Column(name="Who"),
            Column(name="Decided"),
            Column(name="Findings", kind=NUMBER),
            Column(name="Last", kind=TIME),
        ],
        rows=[[*row] for row in rows],
        total=ask.count(grouped),
    )


def access(ask: Asking) -> Answer:
    """List who may do what in this server."""
    names = ("name", "role", "groups", "created_at", "changed_at", "disabled_at")
    rows = ask.rows(select(*(ACCOUNTS.c[name] for name in names)).order_by(ACCOUNTS.c.name))
    open_now = ACCOUNTS.c.disabled_at.is_(None)
    total = ask.number(select(func.count()).select_from(ACCOUNTS))
    enabled = ask.number(select(func.count()).select_from(ACCOUNTS).where(open_now))
    administrators = ask.number(
        select(func.count()).select_from(ACCOUNTS).where(open_now, ACCOUNTS.c.role == "administrator")
    )
    return Answer(
        headline=f"{enabled:,}",
        says=f"{told(enabled, 'account', 'accounts')} may sign in; {administrators:,} as administrator",
        columns=[
            *(Column(name=word) for word in ("Account", "Role", "Groups")),
            Column(name="Made", kind=TIME),
            Column(name="Changed", kind=TIME),
            Column(name="Disabled", kind=TIME),
        ],
        rows=[
            [
                row.name,
                row.role,
                "all" if row.groups is None else row.groups.replace("\n", ", "),
                row.created_at,
                row.changed_at,
                row.disabled_at,
            ]
            for row in rows
        ],
        total=total,
    )


def changes(ask: Asking) -> Answer:
    """List what was done in this server within the time: who, when, what, to what."""
    names = ("at", "account_name", "action", "subject")
    during = ask.during(ENTRIES.c.at)
    rows = ask.rows(select(*(ENTRIES.c[name] for name in names)).where(*during).order_by(ENTRIES.c.entry_id.desc()))
    total = ask.number(select(func.count()).select_from(ENTRIES).where(*during))
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'change was', 'changes were')} made in this server within this time",
        columns=[
            Column(name="When", kind=TIME),
            *(Column(name=word) for word in ("Who", "Action", "To what")),
        ],
        rows=[[row.at, row.account_name or "the server's own machine", row.action, row.subject] for row in rows],
        total=total,
    )
