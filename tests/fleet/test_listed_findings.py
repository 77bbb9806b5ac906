"""The list of findings, on both stores."""

from sqlalchemy import Connection
from tests.fleet.explained import plans
from tests.fleet.small_fleet import AT, LLAMA, NOW, PICKLE, POET, fill

from weighbridge.fleet.listed_findings import EXAMPLE, listing
from weighbridge.fleet.listing import Asked, piece
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store


def ids(store: Store, query: str = "", scope: Scope = EVERYTHING) -> str:
    found = store.read_now(lambda connection: piece(connection, listing(scope, AT), Asked(query=query), NOW))
    return " ".join(row.finding_id for row in found.rows)


def test_the_worst_come_first_and_queries_narrow(store: Store) -> None:
    store.write_now(fill)
    for query, expected in (
        ("", "f1 f3 f2"),
        (EXAMPLE, "f1"),
        ("state:accepted", ""),
        ("state:new", "f1 f3 f2"),
        ("open:no", "f3"),
        ("open:yes", "f1 f2"),
        ("name:laptop", "f3 f2"),
        ("group:ops", "f1"),
        ("owner:ada severity:medium", "f2"),
        ("digest:2b2b", "f2"),
        ("says:pickle", "f1"),
        ("listener", "f3"),
        ("confidence:<high", ""),
        ("first:>3h", ""),
        ("first:>1h", "f1 f3 f2"),
    ):
        assert ids(store, query) == expected, query


def test_pieces_go_on_where_they_stopped(store: Store) -> None:
    store.write_now(fill)

    def one(after: str) -> tuple[str, str]:
        asked = Asked(limit=1, after=after)
        found = store.read_now(lambda connection: piece(connection, listing(EVERYTHING, AT), asked, NOW))
        return found.rows[0].finding_id, found.after

    seen, after = [], ""
    while not seen or after:
        finding, after = one(after)
        seen.append(finding)
    assert seen == ["f1", "f3", "f2"]


def test_nobody_sees_beyond_their_scope(store: Store) -> None:
    store.write_now(fill)
    assert ids(store, scope=Scope(groups=("lab",))) == "f3 f2"
    assert ids(store, "group:ops", Scope(groups=("lab",))) == ""
    assert ids(store, scope=Scope(endpoint_id="cccccccccccccccc")) == "f1"


def test_a_digest_is_found_by_the_index_measured_or_claimed(store: Store) -> None:
    store.write_now(fill)
    for query, expected in ((f"digest:{POET}", ["f2"]), (f"digest:{PICKLE[:8]}", ["f1"]), (f"digest:{LLAMA}", [])):
        asked = Asked(query=query)

        def ask(connection: Connection, asked: Asked = asked, expected: list[str] = expected) -> None:
            found = piece(connection, listing(EVERYTHING, AT), asked, NOW)
            assert [row.finding_id for row in found.rows] == expected

        steps = [step for plan in plans(store, ask, in_order=False) for step in plan]
        assert any("ix_findings_artifact" in step for step in steps), steps
