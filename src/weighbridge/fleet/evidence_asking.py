"""How queries of evidence ask the database: on one snapshot, bounded, and with every statement kept as it was asked."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from weighbridge.fleet.evidence import Statement
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.visible import visible

DAY = 86_400_000
MOST_ROWS = 1_000
"""Rows of one answer; a report says where it was cut."""
_LONGEST_VALUE = 1_000


class Window(NamedTuple):
    """A time, in milliseconds since 1970, UTC."""

    since: int
    until: int


class Asking:
    """What a query is given.

    Args:
        connection: of a read; slow, so never in the event loop.
        scope: which endpoints.
        window: which time.
        most: rows of one answer.
    """

    def __init__(self, connection: Connection, scope: Scope, window: Window, most: int = MOST_ROWS) -> None:
        self._connection = connection
        self.scope = scope
        self.window = window
        self.most = most
        self.statements: list[Statement] = []

    @property
    def now(self) -> int:
        """The end of the time: what holds now, holds then."""
        return self.window.until

    def here(self, table: Table) -> ColumnElement[bool]:
        """Return the condition that a row lies within the scope."""
        return visible(table, self.scope)

    def during(self, column: ColumnElement[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Return the conditions that a time lies within the time of the report."""
        return column >= self.window.since, column <= self.window.until

    def rows(self, query: Select[Any], most: int | None = None) -> Sequence[Any]:
        """Return rows, at most so many."""
        bounded = query.limit(self.most if most is None else most)
        found = self._connection.execute(bounded).all()
        self._keep(bounded, len(found))
        return found

    def count(self, query: Select[Any]) -> int:
        """Return how many rows a query has."""
        counted = select(func.count()).select_from(query.order_by(None).subquery())
        return self.number(counted)

    def number(self, query: Select[Any]) -> int:
        """Return the one number that a query gives; 0 for none."""
        found = self._connection.execute(query).scalar()
        self._keep(query, 1)
        return int(found or 0)

    def _keep(self, query: Select[Any], rows: int) -> None:
        compiled = query.compile(dialect=self._connection.dialect, compile_kwargs={"render_postcompile": True})
        parameters = {name: _plain(value) for name, value in compiled.params.items()}
        self.statements.append(Statement(sql=" ".join(str(compiled).split()), parameters=parameters, rows=rows))


def _plain(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_LONGEST_VALUE]
