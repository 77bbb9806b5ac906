"""Which endpoint is in which group: by hand, else by the first rule that it matches, else by its enrollment token.

What somebody chose by hand stays until somebody lets the rules decide again. Who leaves every rule goes back to where
the token had put it.
"""

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Connection, String, delete, exists, false, func, not_, or_, select

from weighbridge.fleet import endpoints, finding_counts, groups, spread
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table

GROUPING = endpoint_table(
    "endpoint_grouping",
    Column("how", String(8), nullable=False),
    Column("before", String(64), nullable=False),
)
"""`before`: the group that the enrollment token named."""
HAND, RULE = "hand", "rule"
_AT_ONCE = 2_000


def by_hand(connection: Connection, endpoint_id: str, group: str, now: int) -> bool:
    """Put an endpoint into a group, whatever rules say; return whether there is such an endpoint."""
    before = _before(connection, endpoint_id)
    if before is None:
        return False
    _put(connection, [endpoint_id], group, now)
    upsert(connection, GROUPING, [{"endpoint_id": endpoint_id, "how": HAND, "before": before}])
    return True


def by_rules(connection: Connection, endpoint_id: str, now: int) -> bool:
    """Let rules decide about an endpoint again; return whether there is such an endpoint."""
    before = _before(connection, endpoint_id)
    if before is None:
        return False
    _put(connection, [endpoint_id], before, now)
    connection.execute(delete(GROUPING).where(GROUPING.c.endpoint_id == endpoint_id))
    regroup(connection, now, [endpoint_id])
    return True


def chosen_by_hand(connection: Connection, endpoint_ids: Sequence[str] | None = None) -> dict[str, str]:
    """Return the groups that were chosen by hand, by endpoint; of all endpoints if none are named."""
    query = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.group_name).where(_how(HAND))
    if endpoint_ids is not None:
        query = query.where(ENDPOINTS.c.endpoint_id.in_(endpoint_ids))
    return {row.endpoint_id: row.group_name for row in connection.execute(query)}


def regroup(connection: Connection, now: int, only: Sequence[str] | None = None) -> int:
    """Put endpoints where the rules say; return how many moved.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        only: these endpoints; None for all.
    """
    free = not_(_how(HAND))
    if only is not None:
        free = free & ENDPOINTS.c.endpoint_id.in_(only)
    earlier: list[ColumnElement[bool]] = []
    moved = 0
    for group in groups.described(connection):
        found = groups.matches(group.rule, now)
        if found is None:
            continue
        matched = func.coalesce(found, false())
        mine = matched & not_(or_(false(), *earlier))
        wrong = select(ENDPOINTS.c.endpoint_id).where(free, mine, ENDPOINTS.c.group_name != group.name)
        moved += _move(connection, [*connection.execute(wrong).scalars()], group.name, now)
        earlier.append(matched)
    left = select(ENDPOINTS.c.endpoint_id, GROUPING.c.before).join_from(
        ENDPOINTS, GROUPING, GROUPING.c.endpoint_id == ENDPOINTS.c.endpoint_id
    )
    gone = [*connection.execute(left.where(free, GROUPING.c.how == RULE, not_(or_(false(), *earlier))))]
    for endpoint_id, before in gone:
        _put(connection, [endpoint_id], before, now)
        connection.execute(delete(GROUPING).where(GROUPING.c.endpoint_id == endpoint_id))
    return moved + len(gone)


def _move(connection: Connection, endpoint_ids: Sequence[str], group: str, now: int) -> int:
    for at in range(0, len(endpoint_ids), _AT_ONCE):
        some = endpoint_ids[at : at + _AT_ONCE]
        known = set(
            connection.execute(select(GROUPING.c.endpoint_id).where(GROUPING.c.endpoint_id.in_(some))).scalars()
        )
        came = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.group_name).where(ENDPOINTS.c.endpoint_id.in_(some))
        fresh = [
            {"endpoint_id": row.endpoint_id, "how": RULE, "before": row.group_name}
            for row in connection.execute(came)
            if row.endpoint_id not in known
        ]
        upsert(connection, GROUPING, fresh)
        _put(connection, some, group, now)
    return len(endpoint_ids)


def _put(connection: Connection, endpoint_ids: Sequence[str], group: str, now: int) -> None:
    """Put endpoints into a group, and what is counted by group with them."""
    spread.move(connection, endpoint_ids, group)
    finding_counts.move(connection, endpoint_ids, group)
    endpoints.move(connection, endpoint_ids, group, now)


def _how(how: str) -> ColumnElement[bool]:
    mine = GROUPING.alias()
    return exists().where(mine.c.endpoint_id == ENDPOINTS.c.endpoint_id, mine.c.how == how)


def _before(connection: Connection, endpoint_id: str) -> str | None:
    """Return the group that the enrollment token named; None if there is no such endpoint."""
    query = (
        select(ENDPOINTS.c.group_name, GROUPING.c.before)
        .join_from(ENDPOINTS, GROUPING, GROUPING.c.endpoint_id == ENDPOINTS.c.endpoint_id, isouter=True)
        .where(ENDPOINTS.c.endpoint_id == endpoint_id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return str(row.group_name if row.before is None else row.before)
