"""How many findings held at the end of each day, by group, so that looking back at a month costs next to nothing."""

from msgspec import Struct
from sqlalchemy import Column, Connection, String, delete, func, select

from weighbridge.fleet.finding_counts import COUNTS, SEVERITIES
from weighbridge.fleet.group_counts import FLEET, names_of
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import DAY
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table

SERIOUS = ("high", "critical")
KEPT_DAYS = 400
SHOWN_DAYS = 30

DAYS = reference_table(
    "posture_days",
    integer("day", primary_key=True),
    Column("group_name", String(64), primary_key=True),
    integer("serious", nullable=False),
    integer("others", nullable=False),
)


class PostureDay(Struct, frozen=True, kw_only=True):
    """Findings that held at the end of a day, or hold now."""

    at: int
    """When the day began; milliseconds since 1970, UTC."""
    serious: int
    """Of severity high or critical."""
    others: int


def note(connection: Connection, now: int) -> None:
    """Write what holds now as what held on this day, within a write; until the day ends, the last one stays."""
    today = now // DAY
    rows = {FLEET: {"serious": 0, "others": 0}}
    sums = [func.sum(COUNTS.c[name]).label(name) for name in SEVERITIES]
    for row in connection.execute(select(COUNTS.c.group_name, *sums).group_by(COUNTS.c.group_name)):
        counted = {name: int(row._mapping[name] or 0) for name in SEVERITIES}
        serious = sum(counted[name] for name in SERIOUS)
        rows[row.group_name] = {"serious": serious, "others": sum(counted.values()) - serious}
    # Of a group that has none any more, nothing is counted; its day must not stay as it was.
    connection.execute(delete(DAYS).where((DAYS.c.day == today) | (DAYS.c.day < today - KEPT_DAYS)))
    upsert(connection, DAYS, [{"day": today, "group_name": name, **one} for name, one in rows.items()])


def of_scope(connection: Connection, scope: Scope, now: int) -> list[PostureDay]:
    """Return the days before today that were looked at, the oldest first; nothing for a single endpoint."""
    today = now // DAY
    if scope.endpoint_id is not None:
        return []
    query = (
        select(DAYS.c.day, func.sum(DAYS.c.serious).label("serious"), func.sum(DAYS.c.others).label("others"))
        .where(DAYS.c.group_name.in_(names_of(scope)), DAYS.c.day >= today - SHOWN_DAYS, DAYS.c.day < today)
        .group_by(DAYS.c.day)
        .order_by(DAYS.c.day)
    )
    return [
        PostureDay(at=row.day * DAY, serious=int(row.serious), others=int(row.others))
        for row in connection.execute(query)
    ]
