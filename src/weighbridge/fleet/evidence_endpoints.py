"""Evidence about endpoints: which there are, how current their word is, which controls reach them, who is silent."""

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from weighbridge.fleet import policy_rings
from weighbridge.fleet.endpoints import ACTIVE, ENDPOINTS, FORKED, PRESENCE
from weighbridge.fleet.evidence import (
    BAD,
    GOOD,
    LASTS,
    NUMBER,
    SHARE,
    TIME,
    Answer,
    Bar,
    Column,
    percent,
    role_of,
    share_of,
    told,
)
from weighbridge.fleet.evidence_asking import DAY, Asking
from weighbridge.fleet.inventory import SUMS
from weighbridge.fleet.upkeep import SILENT_AFTER
from weighbridge.fleet.witness import COPIES

MEMBERS = (ACTIVE, FORKED)
"""States of endpoints that belong to the fleet."""
RECENT = 7 * DAY
_AGES = ((DAY, "up to a day"), (7 * DAY, "up to a week"), (30 * DAY, "up to 30 days"), (90 * DAY, "up to 90 days"))
_OLDER = "older"
last_word: ColumnElement[int] = func.coalesce(PRESENCE.c.last_seen_at, ENDPOINTS.c.enrolled_at)
JOINED = ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id)


def endpoint_register(ask: Asking) -> Answer:
    """List the endpoints that belong to the fleet."""
    there = (ENDPOINTS.c.state.in_(MEMBERS), ask.here(ENDPOINTS))
    names = ("endpoint_id", "name", "platform", "owner", "group_name", "labels", "state", "enrolled_at")
    rows = ask.rows(
        select(*(ENDPOINTS.c[name] for name in names), PRESENCE.c.last_seen_at)
        .select_from(JOINED)
        .where(*there)
        .order_by(ENDPOINTS.c.group_name, ENDPOINTS.c.name, ENDPOINTS.c.endpoint_id)
    )
    total = ask.number(select(func.count()).select_from(ENDPOINTS).where(*there))
    owned = ask.number(select(func.count()).select_from(ENDPOINTS).where(*there, ENDPOINTS.c.owner != ""))
    kinds = dict.fromkeys(names, "text") | {"enrolled_at": TIME, "last_seen_at": TIME}
    words = ("Endpoint", "Host name", "System", "Owner", "Group", "Labels", "State", "Enrolled", "Last heard of")
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'endpoint belongs', 'endpoints belong')} to the fleet; {owned:,} with an owner named",
        columns=[Column(name=word, kind=kind) for word, kind in zip(words, kinds.values(), strict=True)],
        rows=[[*row] for row in rows],
        total=total,
    )


def evidence_currency(ask: Asking) -> Answer:
    """Tell how old the newest word of each endpoint is."""
    age = ask.now - last_word
    band = case(*((age <= most, word) for most, word in _AGES), else_=_OLDER).label("band")
    banded = select(band).select_from(JOINED).where(ENDPOINTS.c.state.in_(MEMBERS), ask.here(ENDPOINTS)).subquery()
    counted = ask.rows(select(banded.c.band, func.count().label("number")).group_by(banded.c.band))
    found = {row.band: row.number for row in counted}
    total, recent = sum(found.values()), found.get(_AGES[0][1], 0) + found.get(_AGES[1][1], 0)
    words = [word for _, word in _AGES] + [_OLDER]
    share = share_of(recent, total)
    return Answer(
        headline=percent(share),
        says=f"of the endpoints were heard of within a week: {recent:,} of {total:,}",
        role=role_of(share),
        columns=[
            Column(name="Newest word"),
            Column(name="Endpoints", kind=NUMBER),
            Column(name="Share", kind=SHARE),
        ],
        rows=[[word, found.get(word, 0), share_of(found.get(word, 0), total)] for word in words],
        total=len(words),
        chart="How old is the newest word of each endpoint?",
        bars=[Bar(label=word, number=found.get(word, 0)) for word in words],
    )


def control_coverage(ask: Asking) -> Answer:
    """Tell how many endpoints each control reaches: sensor, inventory, witness, policy."""
    members = (ENDPOINTS.c.state.in_(MEMBERS), ask.here(ENDPOINTS))
    same = ENDPOINTS.c.endpoint_id
    in_force = ask.number(select(func.max(policy_rings.ROLLOUTS.c.number)))
    base = in_force and ask.number(
        select(policy_rings.ROLLOUTS.c.base).where(policy_rings.ROLLOUTS.c.number == in_force)
    )
    # What an endpoint says that it holds begins with the number of the policy.
    held = [PRESENCE.c.policy_version == str(number) for number in (in_force, base) if number]
    held += [PRESENCE.c.policy_version.like(f"{number} %") for number in (in_force, base) if number]
    controls = (
        ("Sensor heard of within a week", last_word >= ask.now - RECENT),
        ("Inventory sent", exists().where(SUMS.c.endpoint_id == same)),
        ("Ledger cosigned by this server", exists().where(COPIES.c.endpoint_id == same, COPIES.c.cosigned > 0)),
        ("Policy of the fleet held", or_(*held) if held else None),
        ("Owner named", ENDPOINTS.c.owner != ""),
    )
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(f"reached_{index}")
        for index, (_, condition) in enumerate(controls)
        if condition is not None
    ]
    row = ask.rows(select(func.count().label("total"), *sums).select_from(JOINED).where(*members))[0]
    rows: list[list[str | int | float | None]] = []
    for index, (word, condition) in enumerate(controls):
        reached = 0 if condition is None else int(getattr(row, f"reached_{index}"))
        rows.append([word, reached, row.total, share_of(reached, row.total)])
    worst = min(rows, key=lambda one: (float(one[3] or 0), str(one[0])))
    mean = sum(float(one[3] or 0) for one in rows) / len(rows)
    return Answer(
        headline=percent(mean),
        says=f"is how far controls reach on average; least: {worst[0]} ({worst[1]:,} of {row.total:,})",
        role=role_of(mean),
        columns=[
            Column(name="Control"),
            Column(name="Reached", kind=NUMBER),
            Column(name="Of", kind=NUMBER),
            Column(name="Share", kind=SHARE),
        ],
        rows=rows,
        total=len(rows),
        chart="How many endpoints does each control reach?",
        bars=[Bar(label=str(one[0]), number=int(one[1] or 0)) for one in rows],
    )


def silent_endpoints(ask: Asking) -> Answer:
    """List endpoints that were not heard of for two weeks, the longest silent first."""
    quiet = (ENDPOINTS.c.state == ACTIVE, last_word < ask.now - SILENT_AFTER, ask.here(ENDPOINTS))
    columns = ("endpoint_id", "name", "owner", "group_name")
    rows = ask.rows(
        select(*(ENDPOINTS.c[name] for name in columns), last_word.label("last"))
        .select_from(JOINED)
        .where(*quiet)
        .order_by(last_word, ENDPOINTS.c.endpoint_id)
    )
    total = ask.number(select(func.count()).select_from(JOINED).where(*quiet))
    return Answer(
        headline=f"{total:,}",
        says=f"{told(total, 'endpoint was', 'endpoints were')} not heard of for more than two weeks",
        role=BAD if total else GOOD,
        columns=[
            *(Column(name=word) for word in ("Endpoint", "Host name", "Owner", "Group")),
            Column(name="Last heard of", kind=TIME),
            Column(name="Silent for", kind=LASTS),
        ],
        rows=[[*row, ask.now - row.last] for row in rows],
        total=total,
    )
