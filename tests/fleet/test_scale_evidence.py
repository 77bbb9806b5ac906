"""What evidence asks of the database does not grow with the fleet: neither statements nor rows that come back."""

from collections import Counter

import pytest
from bench.fleet_rows import Size, fill
from tests.fleet.test_scale import AT, LAB, SIZE, statements

from weighbridge.fleet.evidence_asking import DAY, Asking, Window
from weighbridge.fleet.evidence_heads import heads
from weighbridge.fleet.evidence_registry import QUERIES
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store

SMALL = Size(endpoints=12, artifacts=30, sightings=5, things=3, verdicts=2, findings=2, processes=2, records=2)
MOST, MOST_STATEMENTS = 10, 12


def asked(store: Store, scope: Scope, most: int) -> tuple[Counter[str], int]:
    """Return how many statements each query asks, and the most rows that any of them brought back."""
    counts: Counter[str] = Counter()
    largest = 0
    for name, query in QUERIES.items():
        with statements(store) as seen:
            asking = store.read_now(
                lambda c, query=query: _ask(Asking(c, scope, Window(AT - 90 * DAY, AT), most), query)
            )
        counts[name] = len(seen)
        largest = max([largest, *(one.rows for one in asking.statements)])
        assert len(seen) == len(asking.statements), f"{name} asks what its report does not show"
    return counts, largest


def _ask(asking: Asking, query) -> Asking:
    query.ask(asking)
    return asking


@pytest.mark.parametrize("scope", [EVERYTHING, LAB], ids=["all", "groups"])
def test_evidence_asks_as_much_of_a_large_fleet(store: Store, scope: Scope) -> None:
    fill(store, SMALL, AT)
    small, _ = asked(store, scope, MOST)
    for table in reversed(_tables()):
        store.write_now(lambda c, table=table: c.execute(table.delete()))
    fill(store, SIZE, AT)
    large, rows = asked(store, scope, MOST)
    assert {name: (small[name], large[name]) for name in QUERIES if large[name] > small[name]} == {}
    assert max(large.values()) <= MOST_STATEMENTS, large.most_common(3)
    assert rows == MOST, "an answer brings back more than it shows"


def test_heads_of_ledgers_are_bounded_and_what_is_left_out_is_said(store: Store) -> None:
    fill(store, SIZE, AT)
    with statements(store) as seen:
        found = store.read_now(lambda c: heads(c, EVERYTHING, MOST))
    assert len(seen) <= 4
    assert len(found.heads) <= MOST
    assert found.complete == (found.ledgers <= MOST)


def _tables():
    from weighbridge.hub.schema import METADATA

    return METADATA.sorted_tables
