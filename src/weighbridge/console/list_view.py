"""A list as its page shows it: the query, saved views, order and pieces, all of it in the address."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from weighbridge.fleet.listing import Asked
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import counted


class View(NamedTuple):
    """A query with a name."""

    name: str
    query: str


class ListView:
    """What the parts `search`, `heading` and `pages` ask for.

    Args:
        asked: what the address says.
        example: a query to show in the empty field.
        views: queries with names.
        word: what a row is, as people say it.
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
        total: int = 0,
        is_more: bool = False,
        sort: str = "",
        down: bool = False,
        after: str = "",
        before: str = "",
        problem: WeighbridgeError | None = None,
    ) -> None:
        self.query = asked.query
        self.example = example
        self.views = views
        self.counted = f"more than {counted(total, word)}" if is_more else counted(total, word)
        self.sort, self.down = sort, down
        self.problem = problem.message if problem else ""
        self.remedy = problem.hint if problem else ""
        self.next = self._address(after=after) if after else ""
        self.previous = self._address(before=before) if before else ""
        self.range = self.counted

    def sorted_by(self, key: str) -> str:
        """Return the query string that orders by a column; a second time, the other way round."""
        return self._address(sort=key, down=not self.down if key == self.sort else False)

    def _address(self, sort: str | None = None, down: bool | None = None, after: str = "", before: str = "") -> str:
        sort, down = self.sort if sort is None else sort, self.down if down is None else down
        parts = {"q": self.query, "sort": sort, "down": "true" if down else "", "after": after, "before": before}
        return urlencode({name: value for name, value in parts.items() if value})
