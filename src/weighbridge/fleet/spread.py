"""Spread: on how many endpoints each digest is, was, and what policy says of it there; by group, and in all.

Pages read these counts instead of counting: what the fleet's most common artifact costs to show does not grow with the
fleet. A write that changes what an endpoint says about a digest counts it out as it was, and in as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Index,
    Insert,
    Select,
    String,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    union_all,
)

from weighbridge.fleet import group_counts
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.group_counts import FLEET, Conditions, Rows, names_of, of_one, of_several
from weighbridge.fleet.inventory import Before, Change, artifact_of, is_digest
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.verdicts import VERDICTS
from weighbridge.model.verdict import Decision

DECISIONS = tuple(one.value for one in Decision)
"""From the mildest to the strictest."""
SPREAD = reference_table(
    "spread",
    Column("group_name", String(64), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    integer("endpoints", nullable=False),
    integer("gone", nullable=False),
    *(integer(name, nullable=False) for name in DECISIONS),
    Column("decision", String(16), nullable=False),
    Column("path", Text, nullable=False),
    Index(None, "sha256"),
    Index(None, "group_name", "decision"),
)
_COUNTS = ("endpoints", "gone", *DECISIONS)
_AT_ONCE = 400
_KINDS = ("sighting", "verdict")
"""Of changes that can change how far a digest has spread."""


class Told(NamedTuple):
    """What some endpoints say about one digest: on how many it is, was, and which strictest verdict on how many."""

    path: str = ""
    """Of one of its places."""
    endpoints: int = 0
    gone: int = 0
    allow: int = 0
    warn: int = 0
    pending: int = 0
    deny: int = 0

    @property
    def decision(self) -> str:
        """The strictest verdict that there is; empty if there is none."""
        return next((name for name in reversed(DECISIONS) if getattr(self, name)), "")


def touched(changes: Iterable[Change], before: Mapping[str, Before]) -> list[str]:
    """Return the digests about which changes may say something else than before, sorted."""
    found = set()
    for change in changes:
        if change.kind in _KINDS:
            old = before.get(change.key)
            named = ("" if old is None else old.artifact, artifact_of(change.kind, change.record.data))
            found |= {one.removeprefix("claimed:") for one in named if is_digest(one)}
    return sorted(found)


def of_endpoint(connection: Connection, endpoint_id: str, digests: Sequence[str]) -> dict[str, Told]:
    """Return what one endpoint says about digests; those that it never had are left out."""
    found: dict[str, Told] = {}
    for at in range(0, len(digests), _AT_ONCE):
        some = {"endpoint_id": endpoint_id, "keys": digests[at : at + _AT_ONCE]}
        found |= _read(connection, _of_one_endpoint(), some)
    return found


def change(connection: Connection, endpoint_id: str, was: Mapping[str, Told], now: Mapping[str, Told]) -> None:
    """Count what an endpoint said about digests out, and what it says now in."""
    told = group_counts.differences(was, now, Told(), _less)
    _add(connection, group_counts.changed(connection, endpoint_id, told))


def move(connection: Connection, endpoint_ids: Sequence[str], group: str) -> None:
    """Count endpoints out of the groups in which they are, and into another one. Before `endpoints.move`."""

    def told(ids: Sequence[str]) -> dict[str, Told]:
        return _read(connection, _of_endpoints(), {"endpoint_ids": ids})

    _add(connection, group_counts.moved(connection, endpoint_ids, group, told, lambda one: _less(Told(), one)))


def of_digests(connection: Connection, scope: Scope, digests: Sequence[str]) -> dict[str, Told]:
    """Return how far digests have spread within a scope; those that never were there are left out."""
    if scope.endpoint_id is not None:
        return of_endpoint(connection, scope.endpoint_id, digests)
    found: dict[str, Told] = {}
    for at in range(0, len(digests), _AT_ONCE):
        some = (SPREAD.c.group_name.in_(names_of(scope)), SPREAD.c.sha256.in_(digests[at : at + _AT_ONCE]))
        found |= _read(connection, _summed(SPREAD).where(*some), {})
    return found


def by_decision(connection: Connection, scope: Scope) -> dict[str, int]:
    """Return how many digests there are within a scope, by the strictest verdict on them."""
    names = names_of(scope)
    if scope.endpoint_id is None and len(names) == 1:
        counted = select(SPREAD.c.decision, func.count()).where(SPREAD.c.group_name == names[0])
        rows = connection.execute(counted.group_by(SPREAD.c.decision))
        return {decision: number for decision, number in rows if decision}
    table: Table = SPREAD
    within: ColumnElement[bool] = SPREAD.c.group_name.in_(names)
    if scope.endpoint_id is not None:
        table, within = VERDICTS, VERDICTS.c.endpoint_id == scope.endpoint_id
    each = select(func.max(_rank(table.c.decision)).label("rank")).where(within).group_by(table.c.sha256).subquery()
    ranks = connection.execute(select(each.c.rank, func.count()).group_by(each.c.rank))
    return {DECISIONS[rank]: number for rank, number in ranks if rank >= 0}


def rebuild(connection: Connection) -> None:
    """Count everything anew, from what endpoints say."""
    connection.execute(delete(SPREAD))
    each = _each().subquery()
    group = ENDPOINTS.c.group_name
    counted = _summed(each, group).join(ENDPOINTS, ENDPOINTS.c.endpoint_id == each.c.endpoint_id).group_by(group)
    fleet: ColumnElement[str] = literal_column(f"'{FLEET}'")
    for rows in (counted, _summed(SPREAD, fleet)):
        inner = rows.subquery()
        sums = {name: inner.c[name] for name in _COUNTS}
        columns = (inner.c.group_name, inner.c.sha256, inner.c.path, *sums.values(), _strictest(sums))
        names = ["group_name", "sha256", "path", *_COUNTS, "decision"]
        connection.execute(insert(SPREAD).from_select(names, select(*columns)))


def _less(new: Told, old: Told) -> Told:
    return Told(new.path, *(getattr(new, name) - getattr(old, name) for name in _COUNTS))


def _add(connection: Connection, rows: "Rows[Told]") -> None:
    group_counts.add(connection, _upsert(connection.dialect.name), "sha256", rows, _row)


def _row(one: Told) -> dict[str, object]:
    return {**one._asdict(), "decision": one.decision}


@lru_cache(2)
def _upsert(dialect: str) -> Insert:
    return group_counts.adding(dialect, SPREAD, _COUNTS, _kept)


def _kept(new: Any, sums: Mapping[str, ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:  # noqa: ANN401  (of an insert)
    return {"decision": _strictest(sums), "path": case((new.path != "", new.path), else_=SPREAD.c.path)}


@lru_cache(1)
def _of_one_endpoint() -> Select[Any]:
    return _summed(_each(of_one("sha256")).subquery())


@lru_cache(1)
def _of_endpoints() -> Select[Any]:
    return _summed(_each(of_several).subquery())


def _read(connection: Connection, statement: Select[Any], values: Mapping[str, object]) -> dict[str, Told]:
    return {row[0]: Told(row[1], *map(int, row[2:])) for row in connection.execute(statement, values)}


def _summed(rows: FromClause, group: ColumnElement[Any] | None = None) -> Select[Any]:
    """Return digest, one path and counts of rows, by digest."""
    return group_counts.summed(rows, "sha256", _COUNTS, func.max(rows.c.path).label("path"), group=group)


def _each(conditions: Conditions = lambda _table: ()) -> CompoundSelect[Any]:
    """Return what each endpoint says about each digest: one row of where it lies, one of what policy says of it."""
    nothing: ColumnElement[int] = literal_column("0")
    no_path: ColumnElement[str] = literal_column("''")
    here = func.max(case((SIGHTINGS.c.places > 0, 1), else_=0))
    strictest = func.max(_rank(VERDICTS.c.decision))
    lies = [here, 1 - here, *(nothing for _ in DECISIONS), func.max(SIGHTINGS.c.path)]
    judged = [nothing, nothing, *(case((strictest == rank, 1), else_=0) for rank in range(len(DECISIONS))), no_path]
    parts = []
    for table, values in ((SIGHTINGS, lies), (VERDICTS, judged)):
        named = [value.label(name) for value, name in zip(values, (*_COUNTS, "path"), strict=True)]
        columns = (table.c.endpoint_id, table.c.sha256)
        parts.append(select(*columns, *named).where(*conditions(table)).group_by(*columns))
    return union_all(*parts)


def _rank(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return case({name: rank for rank, name in enumerate(DECISIONS)}, value=column, else_=-1)


def _strictest(counts: Mapping[str, ColumnElement[Any]]) -> ColumnElement[Any]:
    return case(*((counts[name] > 0, name) for name in reversed(DECISIONS)), else_="")
