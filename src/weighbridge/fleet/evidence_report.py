"""Makes a report: every query of a pack on one snapshot, for one asker, with what was asked kept beside what came.

It only reads, so it never waits for writers nor holds them up; it takes seconds in a large fleet, so it is called in a
thread (`Store.read`). A row that an asker may not read says so instead of being left out.
"""

from sqlalchemy import Connection

from weighbridge import __version__
from weighbridge.fleet import epoch
from weighbridge.fleet.evidence import Answer, Report, ReportRow, Statement
from weighbridge.fleet.evidence_asking import DAY, MOST_ROWS, Asking, Window
from weighbridge.fleet.evidence_coverage import coverage
from weighbridge.fleet.evidence_packs import Pack
from weighbridge.fleet.evidence_registry import QUERIES, Query
from weighbridge.fleet.permissions import EVERYTHING, GRANTED, Permission, Role, Scope, Viewer
from weighbridge.model.record import record

MOST_DAYS = 3_660
"""Ten years: longer than anybody must keep records."""
_SHOWN = 20
MACHINE = "command line of the server"


@record
class Asker:
    """Who asks, and for what."""

    name: str
    permissions: frozenset[Permission]
    scope: Scope = EVERYTHING
    group: str = ""
    """To which the asker limits the report; empty: all that they may see."""


def asker_of(viewer: Viewer, group: str = "") -> Asker:
    """Return who asks, for a viewer of the console or the API."""
    name = f"{viewer.name} ({viewer.role.value}{', by token' if viewer.token_id is not None else ''})"
    return Asker(name=name, permissions=viewer.permissions, scope=viewer.scope, group=group)


def machine_asker(group: str = "") -> Asker:
    """Return whoever has the server's machine: they may read the database itself."""
    return Asker(name=MACHINE, permissions=GRANTED[Role.ADMINISTRATOR], group=group)


def scope_of(asker: Asker) -> Scope:
    """Return which endpoints a report is about: those of the chosen group, as far as the asker sees it."""
    if not asker.group:
        return asker.scope
    seen = asker.scope.groups is None or asker.group in asker.scope.groups
    return Scope(groups=(asker.group,) if seen else ())


def report(connection: Connection, pack: Pack, asker: Asker, now: int, days: int, most_rows: int = MOST_ROWS) -> Report:
    """Return a report.

    Args:
        connection: of a read.
        pack: what to answer.
        asker: who wants it, and of which group.
        now: milliseconds since 1970; the report's end.
        days: its length, at most `MOST_DAYS`.
        most_rows: of one answer.
    """
    scope, window = scope_of(asker), Window(now - days * DAY, now)
    covered = coverage(Asking(connection, scope, window, most_rows))
    rows = []
    for number, one in enumerate(pack.rows, 1):
        query, asking = QUERIES[one.query], Asking(connection, scope, window, most_rows)
        withheld = _withheld(query, asker, scope)
        answer: Answer | None = None
        statements: list[Statement] = []
        if not withheld:
            answer, statements = query.ask(asking), asking.statements
        rows.append(
            ReportRow(
                number=number,
                control=one.control,
                section=one.section or one.control,
                asks=one.asks,
                evidence_for=one.evidence_for,
                confidence=one.confidence,
                unsure=one.unsure,
                query=one.query,
                withheld=withheld,
                answer=answer,
                statements=statements,
                cut_at=len(answer.rows) if answer is not None and answer.total > len(answer.rows) else None,
            )
        )
    return Report(
        pack=pack.id,
        title=pack.title,
        framework=pack.framework,
        version=pack.version,
        source=pack.source,
        about=pack.about,
        made_at=now,
        made_by=asker.name,
        since=window.since,
        until=window.until,
        days=days,
        groups=None if scope.groups is None else [*scope.groups],
        scope=_said(scope),
        server=__version__,
        epoch=epoch.current(connection) or "",
        coverage=covered,
        rows=rows,
    )


def _withheld(query: Query, asker: Asker, scope: Scope) -> str:
    if query.permission not in asker.permissions:
        return f"not shown: who asked does not have the permission {query.permission.value}"
    if query.whole and scope != EVERYTHING:
        return "not shown: this is about the server as a whole, and the report about a part of the fleet"
    return ""


def _said(scope: Scope) -> str:
    if scope.groups is None:
        return "the whole fleet"
    if not scope.groups:
        return "no endpoint: who asked sees none of that group"
    groups = ", ".join(scope.groups[:_SHOWN])
    more = f" and {len(scope.groups) - _SHOWN} more" if len(scope.groups) > _SHOWN else ""
    return f"only the endpoints of {'group' if len(scope.groups) == 1 else 'the groups'} {groups}{more}"
