"""A list's state is in its address."""

from urllib.parse import parse_qs

from weighbridge.console.list_view import ListView, View
from weighbridge.fleet.listing import Asked
from weighbridge.model.errors import WeighbridgeError


def test_the_address_keeps_query_and_order() -> None:
    view = ListView(
        Asked(query="a b&c"), "x", (View("All", ""),), "row", total=7, sort="size", down=True, after="A", before="B"
    )
    assert parse_qs(view.next) == {"q": ["a b&c"], "sort": ["size"], "down": ["true"], "after": ["A"]}
    assert parse_qs(view.previous) == {"q": ["a b&c"], "sort": ["size"], "down": ["true"], "before": ["B"]}
    assert view.counted == "7 rows"


def test_a_column_turns_its_order_around() -> None:
    view = ListView(Asked(), "x", (), "row", sort="size", down=False)
    assert parse_qs(view.sorted_by("size")) == {"sort": ["size"], "down": ["true"]}
    assert parse_qs(view.sorted_by("name")) == {"sort": ["name"]}


def test_a_count_that_stopped_says_so() -> None:
    assert ListView(Asked(), "x", (), "row", total=10_000, is_more=True).counted == "more than 10,000 rows"


def test_a_problem_says_what_to_do() -> None:
    view = ListView(Asked(query="("), "x", (), "row", problem=WeighbridgeError("E-query", "no", "do"))
    assert (view.problem, view.remedy, view.next) == ("no", "do", "")
