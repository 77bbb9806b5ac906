"""The list of endpoints, on both stores."""

import pytest
from tests.fleet.small_fleet import DESKTOP, LAPTOP, NOW, PICKLE, SERVER, fill

from weighbridge.fleet.listed_endpoints import EXAMPLE, endpoint, listing
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store

ALL = "laptop desktop server"


def names(store: Store, scope: Scope = EVERYTHING, **asked: object) -> str:
    found = store.read_now(lambda connection: piece(connection, listing(scope), Asked(**asked), NOW))  # type: ignore[arg-type]
    return " ".join(row.name for row in found.rows)


def test_queries_find_endpoints_by_what_they_are_and_have(store: Store) -> None:
    store.write_now(fill)
    for query, expected in (
        ("", ALL),
        (EXAMPLE, "laptop desktop"),
        ("owner:ada", "laptop"),
        ("group:lab -owner:ada", "desktop"),
        ("network:corporate seen:1d", "laptop"),
        ("-seen:1d", "desktop server"),
        (f"digest:{PICKLE[:8]}", "server"),
        ("digest:1a1a", ALL),
        ("severity:>=high", "server"),
        ("check:license-*", "laptop"),
        ("esk", "desktop"),
        (f"endpoint:{SERVER}", "server"),
    ):
        assert names(store, query=query) == expected, query
    assert names(store, sort="name") == "desktop laptop server"


def test_nobody_sees_beyond_their_scope(store: Store) -> None:
    store.write_now(fill)
    for scope, expected in (
        (Scope(groups=("lab",)), "laptop desktop"),
        (Scope(groups=()), ""),
        (Scope(endpoint_id=SERVER), "server"),
    ):
        assert names(store, scope) == expected
        for endpoint_id, name in ((LAPTOP, "laptop"), (DESKTOP, "desktop"), (SERVER, "server")):
            found = store.read_now(lambda c, scope=scope, asked=endpoint_id: endpoint(c, scope, asked))
            assert (found is not None) == (name in expected.split())


@pytest.mark.parametrize("endpoint_id", ["x", "'; --", "aaaaaaaaaaaaaaa"])
def test_what_is_not_there_is_none(store: Store, endpoint_id: str) -> None:
    assert store.read_now(lambda connection: endpoint(connection, EVERYTHING, endpoint_id)) is None
