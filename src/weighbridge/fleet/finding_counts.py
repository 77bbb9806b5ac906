"""Counts of findings that hold: by check and severity, and on how many endpoints; by group, and in all.

Kept along like `spread`, for the same reason: the first page asks for them, and there may be a million findings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Select,
    String,
    Table,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
)

from weighbridge.fleet import group_counts
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.group_counts import FLEET, Conditions, Rows, names_of, of_one, of_several
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.tables import METADATA, integer, reference_table
from weighbridge.model.finding import Severity

SEVERITIES = tuple(one.value for one in Severity)
"""Worst last."""
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
    told = group_counts.differences(was, _of_endpoint(connection, endpoint_id, named), Held(), _less)
    _add(connection, group_counts.changed(connection, endpoint_id, told))


def move(connection: Connection, endpoint_ids: Sequence[str], group: str) -> None:
    """Count endpoints out of the groups in which they are, and into another one. Before `endpoints.move`."""

    def told(ids: Sequence[str]) -> dict[str, Held]:
        return _read(connection, _of_endpoints(), {"endpoint_ids": ids})

    _add(connection, group_counts.moved(connection, endpoint_ids, group, told, lambda one: _less(Held(), one)))


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
    chosen = _summed(COUNTS).where(COUNTS.c.group_name.in_(names_of(scope)))
    return {check: one for check, one in _read(connection, chosen, {}).items() if one.endpoints}


def _findings() -> Table:
    # By its name: the context that owns it counts with this file.
    return METADATA.tables["findings"]


def _of_endpoint(connection: Connection, endpoint_id: str, checks: Sequence[str]) -> dict[str, Held]:
    return _read(connection, _of_one_endpoint(), {"endpoint_id": endpoint_id, "keys": checks}) if checks else {}


def _less(new: Held, old: Held) -> Held:
    return Held(*(after - before for after, before in zip(new, old, strict=True)))


def _add(connection: Connection, rows: "Rows[Held]") -> None:
    group_counts.add(connection, _upsert(connection.dialect.name), "check_id", rows, Held._asdict)


@lru_cache(2)
def _upsert(dialect: str) -> Insert:
    return group_counts.adding(dialect, COUNTS, _COUNTED)


@lru_cache(1)
def _of_one_endpoint() -> Select[Any]:
    return _summed(_each(of_one("check_id")).subquery())


@lru_cache(1)
def _of_endpoints() -> Select[Any]:
    return _summed(_each(of_several).subquery())


def _each(conditions: Conditions) -> Select[Any]:
    """Return how many findings of each severity each endpoint has of each check."""
    found = _findings()
    ranks = [func.sum(case((found.c.severity_rank == rank, 1), else_=0)) for rank in range(len(SEVERITIES))]
    severities = [number.label(name) for number, name in zip(ranks, SEVERITIES, strict=True)]
    one: ColumnElement[int] = literal_column("1")
    columns = (found.c.endpoint_id, found.c.check_id)
    chosen = select(*columns, one.label("endpoints"), *severities)
    return chosen.where(found.c.ended_at.is_(None), *conditions(found)).group_by(*columns)


def _summed(rows: FromClause, group: ColumnElement[Any] | None = None) -> Select[Any]:
    return group_counts.summed(rows, "check_id", _COUNTED, group=group)


def _read(connection: Connection, statement: Select[Any], values: Mapping[str, object]) -> dict[str, Held]:
    return {row[0]: Held(*map(int, row[1:])) for row in connection.execute(statement, values)}
