"""The catalog as its page shows it: what was asked, by what it can be narrowed, and the order, all in the address."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from weighbridge.hub.catalog_search import BEST, CHANGED, NAMED, PULLED
from weighbridge.hub.heads import DATA, FORMAT, LICENSE, TASK
from weighbridge.policy.vocabulary import DATA_CLASSES, DATA_KINDS

SORTS = {BEST: "best first", PULLED: "most pulled", CHANGED: "newest", NAMED: "by name"}
_TITLES = {TASK: "Good for", DATA: "Data", LICENSE: "License", FORMAT: "Format"}
_IN_API = {"license": "terms", "data": "data_class", "format": "file_format"}
_MOST = 8
"""Values of one kind."""
_CLASSES = (*DATA_CLASSES, *DATA_KINDS)


class Choice(NamedTuple):
    """A value that the search can be narrowed to."""

    value: str
    models: int
    link: str
    """Query string that adds it, or takes it away where it is chosen."""
    is_chosen: bool


class Facet(NamedTuple):
    """Values of one kind."""

    title: str
    choices: list[Choice]
    more: int
    """How many others there are."""


class CatalogView:
    """What the page asks for.

    Args:
        asked: what the address says: `q`, a kind of label, `sort`.
    """

    def __init__(self, **asked: str) -> None:
        self.asked = asked

    @property
    def is_asked(self) -> bool:
        """Whether the search is narrowed at all."""
        return any(value for name, value in self.asked.items() if name != "sort")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form sends along, beside words and order."""
        return [(name, value) for name, value in self.asked.items() if value and name not in ("q", "sort")]

    @property
    def twin(self) -> str:
        """Query string of the same in JSON."""
        return urlencode({_IN_API.get(name, name): value for name, value in self.asked.items() if value})

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Orders: their words in the address and for people, and whether it is this one."""
        return [(name, words, name == self.asked["sort"]) for name, words in SORTS.items()]

    def further(self, after: str) -> str:
        """Return the query string of the page after this one."""
        return self._link(after=after)

    def facets(self, found: Mapping[str, Counter[str]]) -> list[Facet]:
        """Return by what the search can be narrowed. `found`: how many models have which label, by kind."""
        return [one for one in (self._facet(kind, found[kind]) for kind in _TITLES) if one.choices]

    def _facet(self, kind: str, found: Counter[str]) -> Facet:
        chosen = self.asked.get(kind, "").lower()
        values = sorted(found, key=lambda value: (-found[value], value))
        if kind == DATA:
            values.sort(key=lambda value: _CLASSES.index(value) if value in _CLASSES else len(_CLASSES))
        if chosen:
            values = [chosen]
        choices = [
            Choice(value, found[value], self._link(**{kind: "" if value == chosen else value}), value == chosen)
            for value in values[:_MOST]
        ]
        return Facet(_TITLES[kind], choices, len(values) - len(choices))

    def _link(self, **other: str) -> str:
        kept = self.asked | other
        return "?" + urlencode(
            {name: value for name, value in kept.items() if value and (name, value) != ("sort", BEST)}
        )
