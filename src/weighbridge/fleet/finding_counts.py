"""Counts of findings that hold: by check and severity, and on how many endpoints; by group, and in all.

Kept along like `spread`, for the same reason: the first page asks for them, and there may be a million findings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.statements import insert_into
from weighbridge.fleet.tables import METADATA, integer, reference_table
from weighbridge.model.finding import Severity

SEVERITIES = tuple(one.value for one in Severity)
"""Worst last."""
FLEET = "*"
"""In place of a group: all endpoints. No group can be called that."""
COUNTS = reference_table(
    "finding_counts",
    Column("group_name", String(64), primary_key=True),
    Column("check_id", String(80), primary_key=True),
    integer("endpoints", nullable=False),
    *(integer(name, nullable=False) for name in SEVERITIES),
)
_COUNTED = ("endpoints", *SEVERITIES)


class Held(NamedTuple):
    """How often one check finds something now: on how many endpoints, and how many findings of each severity."""

    endpoints: int = 0
    info: int = 0
    low: int = 0
    medium: int = 0
    high: int = 0
    critical: int = 0


@contextmanager
def counted(connection: Connection, endpoint_id: str, checks: Iterable[str]) -> Iterator[None]:
    """Count anew what checks find on an endpoint, after something was written about them within the block.

    Args:
        connection: of the write.
        endpoint_id: whose findings are written.
        checks: all that may be written about.
    """
    named = sorted(set(checks))
    was = _of_endpoint(connection, endpoint_id, named)
    yield
    told = _difference(was, _of_endpoint(connection, endpoint_id, named))
    if told:
        group = connection.execute(_group(), {"endpoint_id": endpoint_id}).scalar() or ""
        _add(connection, [(name, check, one) for check, one in told.items() for name in (FLEET, group)])


def move(connection: Connection, endpoint_ids: Sequence[str], group: str) -> None:
    """Count endpoints out of the groups in which they are, and into another one. Before `endpoints.move`."""
    where = select(ENDPOINTS.c.group_name, ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.endpoint_id.in_(endpoint_ids))
    members: dict[str, list[str]] = {}
    for name, endpoint_id in connection.execute(where):
        members.setdefault(name, []).append(endpoint_id)
    moved = []
    for name, ids in members.items():
        told = _read(connection, _of_endpoints(), {"endpoint_ids": ids}) if name != group else {}
        moved += [(name, check, one) for check, one in _difference(told, {}).items()]
        moved += [(group, check, one) for check, one in told.items()]
    _add(connection, moved)


def recount(connection: Connection, check_id: str | None = None) -> None:
    """Count anew what one check finds, after a write about many endpoints at once; None: what all do."""

    def chosen(table: Table) -> tuple[ColumnElement[bool], ...]:
        return () if check_id is None else (table.c.check_id == check_id,)

    connection.execute(delete(COUNTS).where(*chosen(COUNTS)))
    each = _each(chosen).subquery()
    group = ENDPOINTS.c.group_name
    of_groups = _summed(each, group).join(ENDPOINTS, ENDPOINTS.c.endpoint_id == each.c.endpoint_id).group_by(group)
    fleet: ColumnElement[str] = literal_column(f"'{FLEET}'")
    for rows in (of_groups, _summed(each, fleet)):
        connection.execute(insert(COUNTS).from_select(["group_name", "check_id", *_COUNTED], rows))


def held(connection: Connection, scope: Scope) -> dict[str, Held]:
    """Return how often each check finds something now within a scope, by its id."""
    if scope.endpoint_id is not None:
        return _read(connection, _of_endpoints(), {"endpoint_ids": [scope.endpoint_id]})
    names = [FLEET] if scope.groups is None else sorted(scope.groups)
    sums = [func.sum(COUNTS.c[name]) for name in _COUNTED]
    chosen = select(COUNTS.c.check_id, *sums).where(COUNTS.c.group_name.in_(names)).group_by(COUNTS.c.check_id)
    return {check: one for check, one in _read(connection, chosen, {}).items() if one.endpoints}


def _findings() -> Table:
    # By its name: the context that owns it counts with this file.
    return METADATA.tables["findings"]


def _of_endpoint(connection: Connection, endpoint_id: str, checks: Sequence[str]) -> dict[str, Held]:
    return _read(connection, _of_one_endpoint(), {"endpoint_id": endpoint_id, "checks": checks}) if checks else {}


def _difference(was: Mapping[str, Held], now: Mapping[str, Held]) -> dict[str, Held]:
    found = {}
    for check in {*was, *now}:
        old, new = was.get(check, Held()), now.get(check, Held())
        if old != new:
            found[check] = Held(*(after - before for after, before in zip(new, old, strict=True)))
    return found


def _add(connection: Connection, told: Iterable[tuple[str, str, Held]]) -> None:
    # In one order, so that two writers at once wait for each other instead of both for the other.
    rows = [{"group_name": name, "check_id": check, **one._asdict()} for name, check, one in sorted(told)]
    if rows:
        connection.execute(_upsert(connection.dialect.name), rows)


@lru_cache(2)
def _upsert(dialect: str) -> Any:  # noqa: ANN401  (an insert of the dialect)
    statement = insert_into(dialect, COUNTS)
    sums = {name: COUNTS.c[name] + statement.excluded[name] for name in _COUNTED}
    return statement.on_conflict_do_update(index_elements=["group_name", "check_id"], set_=sums)


@lru_cache(1)
def _group() -> Select[Any]:
    return select(ENDPOINTS.c.group_name).where(ENDPOINTS.c.endpoint_id == bindparam("endpoint_id"))


@lru_cache(1)
def _of_one_endpoint() -> Select[Any]:
    def mine(table: Table) -> tuple[ColumnElement[bool], ...]:
        checks = table.c.check_id.in_(bindparam("checks", expanding=True))
        return table.c.endpoint_id == bindparam("endpoint_id"), checks

    return _summed(_each(mine).subquery())


@lru_cache(1)
def _of_endpoints() -> Select[Any]:
    some: ColumnElement[Any] = bindparam("endpoint_ids", expanding=True)
    return _summed(_each(lambda table: (table.c.endpoint_id.in_(some),)).subquery())


def _each(conditions: Callable[[Table], tuple[ColumnElement[bool], ...]]) -> Select[Any]:
    """Return how many findings of each severity each endpoint has of each check."""
    found = _findings()
    ranks = [func.sum(case((found.c.severity_rank == rank, 1), else_=0)) for rank in range(len(SEVERITIES))]
    severities = [number.label(name) for number, name in zip(ranks, SEVERITIES, strict=True)]
    one: ColumnElement[int] = literal_column("1")
    columns = (found.c.endpoint_id, found.c.check_id)
    chosen = select(*columns, one.label("endpoints"), *severities)
    return chosen.where(found.c.ended_at.is_(None), *conditions(found)).group_by(*columns)


def _summed(each: Any, *more: ColumnElement[Any]) -> Select[Any]:  # noqa: ANN401  (a subquery)
    sums = [func.sum(each.c[name]).label(name) for name in _COUNTED]
    named = [one.label("group_name") for one in more]
    return select(*named, each.c.check_id, *sums).group_by(each.c.check_id)


def _read(connection: Connection, statement: Select[Any], values: Mapping[str, object]) -> dict[str, Held]:
    return {row[0]: Held(*map(int, row[1:])) for row in connection.execute(statement, values)}
