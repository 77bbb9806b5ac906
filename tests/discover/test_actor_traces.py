"""Labelled traces: what `actor` makes of real and scripted runs, and that the page says so."""

import pytest
from tools.actor_table import PAGE, SURROUNDINGS, page, scores, traces


def test_there_are_traces_of_every_kind_and_most_are_real() -> None:
    runs = traces()
    assert {run.label for run in runs} == {"agent", "human", "service"}
    assert sum(run.real for run in runs) >= len(runs) * 2 / 3
    assert sum(run.real for run in runs if run.label == "agent") >= 4


@pytest.mark.parametrize("surroundings", SURROUNDINGS[:-1], ids=lambda one: one.title)
def test_where_anything_but_behavior_is_visible_nobody_is_taken_for_somebody_else(surroundings) -> None:
    found, wrong, missed, _ = scores(traces(), surroundings)
    assert (wrong, missed) == (0, 0)
    assert found >= 6


def test_behavior_alone_finds_agents_and_is_wrong_about_few_others() -> None:
    found, wrong, missed, right = scores(traces(), SURROUNDINGS[-1])
    assert found / (found + missed) >= 0.8
    assert wrong <= 1, "one is known: a person who looks around in a shell"
    assert right >= 15


def test_the_page_is_in_step() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python tools/actor_table.py`"


def test_traces_hold_nothing_of_the_machine_that_recorded_them() -> None:
    places = {path for run in traces() for path, _ in run.trace.opened}
    assert [path for path in places if path.startswith(("/root/", "/work/"))] == []
