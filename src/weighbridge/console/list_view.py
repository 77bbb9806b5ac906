"""A list as its page shows it: the query, saved views, order and pieces, all of it in the address."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from weighbridge.fleet import (
    listed_agent_things,
    listed_agents,
    listed_artifacts,
    listed_endpoints,
    listed_findings,
    listed_ledgers,
    listed_records,
)
from weighbridge.fleet.list_columns import COLUMNS, value
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.query_help_routes import FieldHelp, told
from weighbridge.fleet.query_syntax import place_in
from weighbridge.fleet.saved_views import SavedView, address
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import counted


class View(NamedTuple):
    """A query with a name."""

    name: str
    query: str
    address: str = ""
    """Query string, if it is more than the query."""

    @property
    def link(self) -> str:
        """Query string of its address."""
        return self.address or urlencode({"q": self.query})


def view_of(saved: SavedView) -> View:
    """Return a saved view as a list shows it."""
    return View(saved.name, saved.query, address(saved).partition("?")[2])


class Marked(NamedTuple):
    """A query around the place of a mistake."""

    before: str
    wrong: str
    after: str


class Cell(NamedTuple):
    """A value in a chosen column; `kind` says how it reads."""

    name: str
    kind: str
    value: Any


_KINDS = {"artifact": "digest", "endpoint_id": "endpoint", "sha256": "digest", "size": "size"}


class ListView:
    """What the parts `search`, `heading` and `pages` ask for.

    Args:
        asked: what the address says.
        example: a query to show in the empty field.
        views: queries with names.
        word: what a row is, as people say it.
        what: the list, for the fields that may be asked for.
        total, is_more, sort, down, after, before: of the piece; without, nothing was found or the query is none.
        problem: why the query is none.
    """

    def __init__(
        self,
        asked: Asked,
        example: str,
        views: Sequence[View],
        word: str,
        *,
        what: str = "",
        total: int = 0,
        is_more: bool = False,
        sort: str = "",
        down: bool = False,
        after: str = "",
        before: str = "",
        problem: WeighbridgeError | None = None,
    ) -> None:
        self.query = asked.query
        self.may_save = False
        self.what = what.removeprefix("fleet_")
        self.columns = asked.columns
        self.all_columns = COLUMNS.get(self.what, ()) if what != "records" else ()
        self.example = example
        self.views = views
        self.fields = _fields(what)
        self._word = word
        self.counted = f"more than {self.count(total)}" if is_more else self.count(total)
        self.sort, self.down = sort, down
        self.problem = problem.message if problem else ""
        self.remedy = problem.hint if problem else ""
        self.marked = _marked(asked.query, self.problem)
        self.next = self._address(after=after) if after else ""
        self.previous = self._address(before=before) if before else ""
        self.range = self.counted

    def count(self, number: int) -> str:
        """Return how many rows there are, as people say it."""
        return counted(number, self._word)

    def export(self, file_format: str, what: str = "") -> str:
        """Return the address of the whole list as a file, or of another list by the same query."""
        parts = {"q": self.query, "sort": self.sort, "down": "true" if self.down else ""}
        parts |= {"columns": ",".join(self.columns), "format": file_format}
        asked = urlencode({name: one for name, one in parts.items() if one})
        return f"/api/v1/lists/{what or self.what}/export?{asked}"

    def cells(self, row: Any) -> list[Cell]:  # noqa: ANN401  (a row of any list)
        """Return what a row has in the chosen columns."""
        return [
            Cell(name, _KINDS.get(name, "time" if name.endswith("_at") else ""), value(row, name))
            for name in self.columns
        ]

    @property
    def here(self) -> str:
        """Query string of this list from its beginning."""
        return self._address()

    def sorted_by(self, key: str) -> str:
        """Return the query string that orders by a column; a second time, the other way round."""
        return self._address(sort=key, down=not self.down if key == self.sort else False)

    def _address(self, sort: str | None = None, down: bool | None = None, after: str = "", before: str = "") -> str:
        sort, down = self.sort if sort is None else sort, self.down if down is None else down
        parts = {
            "q": self.query,
            "sort": sort,
            "down": "true" if down else "",
            "columns": ",".join(self.columns),
            "after": after,
            "before": before,
        }
        return urlencode({name: value for name, value in parts.items() if value})


_FIELDS = {
    "agent": listed_agents.FIELDS,
    "agent_things": listed_agent_things.FIELDS,
    "agents": listed_agents.FIELDS,
    "artifacts": listed_artifacts.FIELDS,
    "endpoints": listed_endpoints.FIELDS,
    "findings": listed_findings.FIELDS,
    "fleet_records": listed_records.FIELDS,
    "ledgers": listed_ledgers.FIELDS,
    "records": listed_ledgers.RECORD_FIELDS,
}


def _fields(what: str) -> list[FieldHelp]:
    return told(_FIELDS[what]) if what in _FIELDS else []


def _marked(query: str, problem: str) -> Marked | None:
    """Return the query with the word in which a mistake is; None if the mistake has no place."""
    at = place_in(problem)
    if at is None or not 0 <= at < len(query):
        return None
    wrong = query[at:].split(maxsplit=1)[0] if query[at:].strip() else query[at:]
    return Marked(query[:at], wrong, query[at + len(wrong) :])
