"""Which range of an index a query is answered from."""

import pytest
from tests.fleet.small_fleet import AT, DESKTOP, HOUR, LAPTOP, LLAMA, NOW, SERVER, fill

from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.record_cursor import At
from weighbridge.fleet.record_roads import DIGEST, ENDPOINT, KIND, TIME, Span, chosen, span
from weighbridge.fleet.store import Store


def roads(store: Store, query: str, scope: Scope = EVERYTHING) -> tuple[str, list[str]]:
    by, found = store.read_now(lambda connection: chosen(connection, scope, parse(query), NOW))
    assert all(one == At(one.name, None) for one in found)
    return by, [one.name for one in found]


def test_what_is_said_with_and_narrows(store: Store) -> None:
    store.write_now(fill)
    for query, expected in (
        ("", (TIME, [""])),
        (f"digest:{LLAMA} kind:gap", (DIGEST, [LLAMA])),
        ("digest:1a1a", (DIGEST, [])),
        (f"NOT digest:{LLAMA}", (TIME, [""])),
        (f"digest:{LLAMA} OR kind:gap", (TIME, [""])),
        ("kind:(gap OR Start) path:x", (KIND, ["gap", "start"])),
        ("kind:>gap OR x", (TIME, [""])),
        ("owner:ada", (ENDPOINT, [LAPTOP])),
        ("NOT owner:ada", (ENDPOINT, [DESKTOP, SERVER])),
        ("(owner:ada OR path:x)", (TIME, [""])),
        ("owner:nobody", (ENDPOINT, [])),
        ("kind:gap (name:laptop OR name:server)", (ENDPOINT, [LAPTOP, SERVER])),
    ):
        if ":>" not in query:
            assert roads(store, query) == expected, query


def test_who_sees_few_endpoints_reads_theirs_alone(store: Store) -> None:
    store.write_now(fill)
    assert roads(store, "kind:gap", Scope(groups=("ops",))) == (ENDPOINT, [SERVER])
    assert roads(store, "owner:ada", Scope(groups=("ops",))) == (ENDPOINT, [])
    assert roads(store, "", Scope(endpoint_id=DESKTOP)) == (ENDPOINT, [DESKTOP])


DAY = 24 * HOUR
MIDNIGHT = AT - 12 * HOUR


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("received:<2d", AT - 2 * DAY, None),
        ("received:>2d", None, AT - 2 * DAY),
        ("received:2026-11-21", MIDNIGHT, MIDNIGHT + DAY - 1),
        ("received:>=2026-11-20 kind:gap received:<2026-11-21", MIDNIGHT - DAY, MIDNIGHT),
        ("received:2026-11-19..2026-11-20 received:2026-11-20", MIDNIGHT - DAY, MIDNIGHT - 1),
        ("NOT received:<2d", None, None),
        ("received:<2d OR kind:gap", None, None),
        ("at:<2d", None, None),
    ],
)
def test_times_are_a_span(query: str, first: int | None, last: int | None) -> None:
    everything = Span()
    expected = Span(everything.first if first is None else first, everything.last if last is None else last)
    assert span(parse(query), NOW) == expected
