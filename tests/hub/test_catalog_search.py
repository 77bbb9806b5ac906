"""Looking for models, on both databases."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import update
from tests.fleet.serving import running
from tests.fleet.test_scale import plan, statements
from tests.hub.approved import approved, moved

from weighbridge.fleet.statements import upsert
from weighbridge.hub import heads, models
from weighbridge.hub.catalog_search import (
    BEST,
    CHANGED,
    CREATED,
    NAMED,
    PULLED,
    SORTS,
    Wanted,
    count,
    find_served,
    parse_place,
    place_text,
)
from weighbridge.hub.names import parse_name
from weighbridge.hub.pulls import PULLS
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import State


def test_words_stand_in_the_name_or_the_summary(store):
    with running(store) as started:
        for number, name in enumerate(("acme/Coder", "acme/talker_x")):
            approved(started, {"a": str(number).encode()}, name=name)
            model = store.read_now(lambda c, name=name: models.by_name(c, parse_name(name)))
            tasks = ("coding", "chat") if number == 0 else ("chat",)
            store.write_now(
                lambda c, model=model, tasks=tasks: models.describe(
                    c, 0, model.model_id, owner="ada", summary=f"Good at {tasks[0].upper()}", tasks=tasks
                )
            )

        def found(hidden=frozenset(), **wanted):
            page = store.read_now(lambda c: find_served(c, Wanted(**wanted), hidden))
            return sorted(one.model.full_name for one in page)

        assert found() == ["acme/Coder", "acme/talker_x"]
        assert found(words=("coding",)) == ["acme/Coder"]
        assert found(words=("CODER",)) == ["acme/Coder"]
        assert found(words=("talker_",)) == ["acme/talker_x"]
        assert found(words=("r_",)) == ["acme/talker_x"]
        assert found(labels=(("", "chat"),)) == ["acme/Coder", "acme/talker_x"]
        assert found(labels=(("", "chat"), ("task", "coding"))) == ["acme/Coder"]
        assert found(labels=(("", "cod"),)) == []
        assert found(namespace="ACME") == ["acme/Coder", "acme/talker_x"]
        assert found(namespace="acm") == []
        assert found(hidden={"acme"}) == []
        assert found(hidden=None) == []


@contextmanager
def three(store):
    """A catalog: an old model that many pull, a new one that few do, a deprecated one that most do."""
    with running(store) as started:
        for number, name in enumerate(("acme/old", "acme/new", "other/gone")):
            made = approved(started, {"a": str(number).encode()}, name=name, license="mit", data_classes="public")
            store.write_now(
                lambda c, made=made: models.describe(c, 0, made.model_id, owner="x", summary="", tasks=("coding",))
            )
            rows = [
                {"release_id": made.release_id, "account_id": f"a{one}", "tool": "hf", "agent": "", "day": 1}
                | {"requests": 3, "refused": 0, "bytes": 1, "first_at": 1, "last_at": 1}
                for one in range((3, 1, 5)[number])
            ]
            store.write_now(lambda c, rows=rows: upsert(c, PULLS, rows))
            started.clock.pass_seconds(1)
            if name == "other/gone":
                moved(started, made, State.DEPRECATED)
            store.write_now(lambda c, made=made: heads.refresh(c, made.model_id))
        yield started


@pytest.mark.parametrize(
    ("sort", "ascending", "expected"),
    [
        (BEST, False, ["acme/old", "acme/new", "other/gone"]),
        (PULLED, False, ["other/gone", "acme/old", "acme/new"]),
        (CHANGED, False, ["other/gone", "acme/new", "acme/old"]),
        (CREATED, True, ["acme/old", "acme/new", "other/gone"]),
        (NAMED, True, ["acme/new", "acme/old", "other/gone"]),
    ],
)
def test_orders_and_their_pages(store, sort, ascending, expected):
    with three(store):
        seen, after = [], None
        while True:
            wanted = Wanted(sort=sort, ascending=ascending, limit=1, after=after)
            page = store.read_now(lambda c, wanted=wanted: find_served(c, wanted, set()))
            if not page:
                break
            seen += [one.model.full_name for one in page]
            after = parse_place(sort, place_text(page[-1].place))
        assert seen == expected


def test_labels_are_counted_for_what_is_wanted_and_may_be_seen(store):
    with three(store):
        found = store.read_now(lambda c: count(c, Wanted(), set()))
        assert (found.models, found.labels["task"], found.labels["license"]) == (3, {"coding": 3}, {"mit": 3})
        found = store.read_now(lambda c: count(c, Wanted(words=("new",)), set()))
        assert (found.models, found.labels["data"]) == (1, {"public": 1})
        found = store.read_now(lambda c: count(c, Wanted(), {"other"}))
        assert (found.models, found.labels["task"]) == (2, {"coding": 2})
        assert store.read_now(lambda c: count(c, Wanted(), None)).models == 0


def test_what_is_no_longer_served_is_not_shown_whatever_the_table_says(store):
    with three(store):
        store.write_now(lambda c: c.execute(update(RELEASES).values(state="revoked")))
        assert store.read_now(lambda c: find_served(c, Wanted(), set())) == []


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_is_two_statements_in_the_order_of_an_index(store, sort):
    with three(store):
        wanted = Wanted(sort=sort, ascending=sort == NAMED, labels=(("task", "coding"),), limit=2)
        with statements(store) as asked:
            found = store.read_now(lambda c: find_served(c, wanted, set()))
        assert (len(found), len(asked)) == (2, 2)
        for number, (statement, parameters) in enumerate(asked):
            lines = plan(store, statement, parameters)
            assert not re.search(r"SCAN \w+$|Seq Scan", lines, re.MULTILINE), lines
            assert number or not re.search(r"TEMP B-TREE FOR ORDER BY|(^|->)\s*Sort +\(cost", lines), lines


@pytest.mark.parametrize("text", ["\0", "%", "_", "\\", "'", "é\u202e"])
def test_odd_texts_are_looked_for_as_they_are(store, text):
    with three(store):
        for wanted in (Wanted(words=(text,)), Wanted(labels=(("task", text),)), Wanted(namespace=text)):
            assert store.read_now(lambda c, wanted=wanted: find_served(c, wanted, set())) == []
            assert store.read_now(lambda c, wanted=wanted: count(c, wanted, set())).models == 0
