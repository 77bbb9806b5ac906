"""Deciding about everything that a query matches, not only the page: said beforehand, told once, undone once.

What is decided together has one change id and one notification, whose transaction is the first; the rest follows in
transactions of `MOST_AT_ONCE` findings, so that nobody waits long for the database. Where the server dies in between,
what is left still matches the query.
"""

from datetime import datetime
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, select

from weighbridge.fleet import listed_findings, triage
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.permissions import Scope, Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.query_sql import where
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.server import Server
from weighbridge.fleet.triage import MOST_AT_ONCE, Done, Which

MOST_MATCHED = 20_000
"""Findings that one decision can be about."""


class Matching(Struct, frozen=True, kw_only=True):
    """What a decision about everything that a query matches would be about."""

    findings: int
    """At most `most`."""
    is_more: bool
    """Whether there are more than one decision can be about."""
    most: int
    severities: dict[str, int]
    endpoints: int


class Decided(Struct, frozen=True, kw_only=True):
    """A decision that is allowed: what it says, and until when."""

    state: str
    reason: str
    until_at: int | None


def matching(connection: Connection, scope: Scope, query: str, moment: datetime) -> Matching:
    """Return what a query matches, counted up to `MOST_MATCHED`. Raises WeighbridgeError E-query."""
    some = _matched(scope, query, moment, FINDINGS.c.severity).subquery()
    by_severity = select(some.c.severity, func.count().label("number")).group_by(some.c.severity)
    counts = {row.severity: row.number for row in connection.execute(by_severity)}
    endpoints = connection.execute(select(func.count(some.c.endpoint_id.distinct()))).scalar_one()
    number = sum(counts.values())
    return Matching(
        findings=min(number, MOST_MATCHED),
        is_more=number > MOST_MATCHED,
        most=MOST_MATCHED,
        severities=counts,
        endpoints=endpoints,
    )


async def decide(server: Server, viewer: Viewer, query: str, decided: Decided, expected: int, moment: datetime) -> Done:
    """Decide about all that a query matches.

    Args:
        server: whose fleet.
        viewer: who decides.
        query: which findings.
        decided: what.
        expected: how many they were said to be.
        moment: for ages in the query, and when it is decided.

    Raises:
        WeighbridgeError: E-query; RefusedError 400 `E-triage` for too many, 409 if they are not as many as was said.
    """
    which = await server.store.read(lambda connection: _which(connection, viewer.scope, query, moment))
    if len(which) > MOST_MATCHED:
        raise RefusedError(
            400, "E-triage", f"more than {MOST_MATCHED:,} findings match", "narrow the query, and decide in parts"
        )
    if len(which) != expected:
        raise RefusedError(
            409,
            "E-triage",
            f"{len(which):,} findings match now, not {expected:,} as when you looked",
            "look at them again, then decide",
        )
    now, change_id = round(moment.timestamp() * 1000), triage.new_change()
    changed = 0
    for at in range(0, len(which), MOST_AT_ONCE):
        some = which[at : at + MOST_AT_ONCE]
        total = len(which) if at == 0 else 0
        changed += await server.store.write(
            partial(
                _write, now=now, who=viewer, which=some, decided=decided, change_id=change_id, total=total, query=query
            )
        )
    return Done(change_id, changed)


async def undo(server: Server, viewer: Viewer, change_id: str) -> Done:
    """Take a change back where it is still the last one, however many findings it is about."""
    now = server.clock()

    def first(connection: Connection) -> int:
        restored = triage.take_back(connection, viewer.scope, change_id)
        left = triage.still(connection, viewer.scope, change_id) if restored == MOST_AT_ONCE else 0
        if restored:
            triage.tell_undone(connection, now, viewer, change_id, restored + left)
        return restored

    last = restored = await server.store.write(first)
    while last == MOST_AT_ONCE:
        last = await server.store.write(lambda connection: triage.take_back(connection, viewer.scope, change_id))
        restored += last
    return Done(change_id, restored)


def _matched(scope: Scope, query: str, moment: datetime, *more: ColumnElement[Any]) -> Select[Any]:
    listing = listed_findings.listing(scope, round(moment.timestamp() * 1000))
    wanted = listing.rows.where(where(parse(query), listing.searched, moment))
    columns = (FINDINGS.c.endpoint_id, FINDINGS.c.finding_id, *more)
    return wanted.with_only_columns(*columns, maintain_column_froms=True).limit(MOST_MATCHED + 1)


def _which(connection: Connection, scope: Scope, query: str, moment: datetime) -> list[Which]:
    return [Which(row.endpoint_id, row.finding_id) for row in connection.execute(_matched(scope, query, moment))]


def _write(
    connection: Connection,
    *,
    now: int,
    who: Viewer,
    which: list[Which],
    decided: Decided,
    change_id: str,
    total: int,
    query: str,
) -> int:
    if total:
        detail = {"state": decided.state, "reason": decided.reason[:500], "until_at": decided.until_at}
        triage.tell_decision(connection, now, who, change_id, total, detail | {"query": query[:500]})
    return triage.write(connection, now, who, which, decided.state, decided.reason, decided.until_at, change_id)
