"""Counts that are kept along by group and for the whole fleet: what `spread` and `finding_counts` have in common.

A row counts, under the name of a group or `FLEET`, what endpoints say about one thing, which the column `key` names. A
write that changes what an endpoint says adds the difference; no count is ever made by counting what there is.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Insert, Select, Table, bindparam, func, select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.statements import insert_into

FLEET = "*"
"""In place of a group: all endpoints. No group can be called that."""
Told = TypeVar("Told", bound=NamedTuple)
"""What some endpoints say about one thing: its counts by their columns, and what else its row holds."""
Rows = list[tuple[str, str, Told]]
"""Name of a group or `FLEET`, thing, and what to add to its row."""
Conditions = Callable[[Table], tuple[ColumnElement[bool], ...]]


def names_of(scope: Scope) -> list[str]:
    """Return under which names the counts of a scope stand that is not one endpoint."""
    return [FLEET] if scope.groups is None else sorted(scope.groups)


def differences(
    was: Mapping[str, Told], now: Mapping[str, Told], nothing: Told, less: Callable[[Told, Told], Told]
) -> dict[str, Told]:
    """Return what to add where things were counted as they were, so that they are counted as they are.

    Args:
        was: what was said about each thing.
        now: what is said about each thing.
        nothing: what is said about a thing that is not named.
        less: returns the first one without the second.
    """
    pairs = ((key, now.get(key, nothing), was.get(key, nothing)) for key in sorted({*was, *now}))
    return {key: less(new, old) for key, new, old in pairs if new != old}


def changed(connection: Connection, endpoint_id: str, told: Mapping[str, Told]) -> "Rows[Told]":
    """Return what to add to the counts when this is to be added to those of an endpoint."""
    if not told:
        return []
    group = connection.execute(_group(), {"endpoint_id": endpoint_id}).scalar() or ""
    return [(name, key, one) for key, one in told.items() for name in (FLEET, group)]


def moved(
    connection: Connection,
    endpoint_ids: Sequence[str],
    group: str,
    told: Callable[[Sequence[str]], Mapping[str, Told]],
    negative: Callable[[Told], Told],
) -> "Rows[Told]":
    """Return what to add to the counts when endpoints go from their groups into another one, before they do.

    Args:
        connection: within a write.
        endpoint_ids: which.
        group: where they go.
        told: returns what endpoints say, all together.
        negative: returns what takes counts away.
    """
    where = select(ENDPOINTS.c.group_name, ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.endpoint_id.in_(endpoint_ids))
    members: dict[str, list[str]] = {}
    for name, endpoint_id in connection.execute(where):
        members.setdefault(name, []).append(endpoint_id)
    rows: Rows[Told] = []
    for name, ids in members.items():
        for key, one in told(ids).items() if name != group else ():
            rows += [(name, key, negative(one)), (group, key, one)]
    return rows


def add(
    connection: Connection, statement: Insert, key: str, rows: "Rows[Told]", row: Callable[[Told], Mapping[str, object]]
) -> None:
    """Add to counts.

    Args:
        connection: within a write.
        statement: `adding` to the table.
        key: the column that names things.
        rows: what to add.
        row: returns the columns of one.
    """
    # In one order, so that two writers at once wait for each other instead of both for the other.
    values = [{"group_name": name, key: thing, **row(one)} for name, thing, one in sorted(rows)]
    if values:
        connection.execute(statement, values)


def adding(
    dialect: str,
    table: Table,
    counts: Sequence[str],
    more: Callable[[Any, Mapping[str, ColumnElement[Any]]], Mapping[str, ColumnElement[Any]]] = lambda _new, _sums: {},
) -> Insert:
    """Return an insert that adds to the counts of rows that are there.

    Args:
        dialect: `sqlite` or `postgresql`.
        table: where.
        counts: its columns that are added up.
        more: returns what else is set, from the new row and the sums.
    """
    statement = insert_into(dialect, table)
    sums = {name: table.c[name] + statement.excluded[name] for name in counts}
    kept = {**sums, **more(statement.excluded, sums)}
    return statement.on_conflict_do_update(index_elements=[*table.primary_key.columns], set_=kept)


def summed(
    rows: FromClause,
    key: str,
    counts: Sequence[str],
    *more: ColumnElement[Any],
    group: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """Return each thing of rows, what else is asked of it, and its counts added up; before them the group, if given."""
    named = [] if group is None else [group.label("group_name")]
    sums = [func.sum(rows.c[name]).label(name) for name in counts]
    return select(*named, rows.c[key], *more, *sums).group_by(rows.c[key])


def of_one(key: str) -> Conditions:
    """Return the conditions on rows of one endpoint about some things: parameters `endpoint_id` and `keys`."""
    some: ColumnElement[Any] = bindparam("keys", expanding=True)
    return lambda table: (table.c.endpoint_id == bindparam("endpoint_id"), table.c[key].in_(some))


def of_several(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on rows of several endpoints: parameter `endpoint_ids`."""
    return (table.c.endpoint_id.in_(bindparam("endpoint_ids", expanding=True)),)


@lru_cache(1)
def _group() -> Select[Any]:
    return select(ENDPOINTS.c.group_name).where(ENDPOINTS.c.endpoint_id == bindparam("endpoint_id"))
