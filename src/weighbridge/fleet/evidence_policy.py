"""Evidence about policy: what is in force on how many endpoints, and which policies people signed when."""

from sqlalchemy import func, or_, select

from weighbridge.fleet.endpoints import ACTIVE, ENDPOINTS, PRESENCE
from weighbridge.fleet.evidence import (
    NUMBER,
    SHARE,
    TIME,
    WORTH_A_LOOK,
    Answer,
    Bar,
    Column,
    percent,
    role_of,
    share_of,
    told,
)
from weighbridge.fleet.evidence_asking import Asking
from weighbridge.fleet.policy_rings import ROLLOUTS
from weighbridge.fleet.policy_versions import POLICIES
from weighbridge.sync.policy_updates import held_of

_NONE = "none of the fleet's"


def policy_coverage(ask: Asking) -> Answer:
    """Tell how many endpoints hold the newest published policy, and what the others hold."""
    newest = ask.number(select(func.max(POLICIES.c.number)).where(POLICIES.c.published_at.is_not(None)))
    said = (
        select(func.coalesce(PRESENCE.c.policy_version, "").label("said"))
        .select_from(ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id))
        .where(ENDPOINTS.c.state == ACTIVE, ask.here(ENDPOINTS))
        .subquery()
    )
    grouped = select(said.c.said, func.count().label("number")).group_by(said.c.said)
    found = ask.rows(grouped.order_by(func.count().desc(), said.c.said))
    total = sum(row.number for row in found)
    have = sum(row.number for row in found if newest and held_of(row.said) == (newest, ""))
    share = share_of(have, total)
    says = (
        f"of the endpoints hold policy {newest}, the newest, and can use it: {have:,} of {total:,}"
        if newest
        else "No policy of the fleet was published; each endpoint weighs by its own"
    )
    return Answer(
        headline=percent(share) if newest else "—",
        says=says,
        role=role_of(share) if newest else WORTH_A_LOOK,
        columns=[
            Column(name="Policy held"),
            Column(name="Endpoints", kind=NUMBER),
            Column(name="Share", kind=SHARE),
        ],
        rows=[[_said(row.said), row.number, share_of(row.number, total)] for row in found],
        total=len(found),
        chart="Which policies do endpoints hold?" if found else "",
        bars=[Bar(label=_said(row.said), number=row.number) for row in found[:10]],
    )


def policy_changes(ask: Asking) -> Answer:
    """List policies that were uploaded or published within the time, with how their roll-out went."""
    names = ("number", "title", "mode", "rules", "situations", "made_by", "made_at", "published_by", "published_at")
    within = or_(POLICIES.c.made_at >= ask.window.since, POLICIES.c.published_at >= ask.window.since)
    wanted = (
        select(*(POLICIES.c[name] for name in names), ROLLOUTS.c.state, ROLLOUTS.c.reason)
        .join_from(POLICIES, ROLLOUTS, ROLLOUTS.c.number == POLICIES.c.number, isouter=True)
        .where(within)
    )
    rows = ask.rows(wanted.order_by(POLICIES.c.number.desc()))
    total, published = ask.count(wanted), ask.count(wanted.where(POLICIES.c.published_at.is_not(None)))
    return Answer(
        headline=f"{published:,}",
        says=f"{told(published, 'policy was', 'policies were')} published under people's signatures, "
        f"of {total:,} uploaded",
        columns=[
            Column(name="Number", kind=NUMBER),
            Column(name="Policy"),
            Column(name="Mode"),
            Column(name="Rules", kind=NUMBER),
            Column(name="Situations tried", kind=NUMBER),
            Column(name="Uploaded by"),
            Column(name="Uploaded", kind=TIME),
            Column(name="Published by"),
            Column(name="Published", kind=TIME),
            Column(name="Roll-out"),
            Column(name="Why halted"),
        ],
        rows=[[*row] for row in rows],
        total=total,
    )


def _said(text: str) -> str:
    number, code = held_of(text)
    if not number and not code:
        return _NONE
    return f"policy {number}" + (f", {code}" if code else "")
