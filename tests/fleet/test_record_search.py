"""Records of the fleet on both stores: what is found, in which order, and how much is read for it."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event
from tests.fleet.explained import plans, strange_scans
from tests.fleet.query_oracle import fits, queries
from tests.fleet.small_fleet import AT, DESKTOP, HOUR, LAPTOP, LLAMA, NOW, PICKLE, POET, SERVER, fill

from weighbridge.fleet import records
from weighbridge.fleet.listed_records import EXAMPLE, FIELDS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.record_search import Found, entries, search
from weighbridge.fleet.record_words import digests_of, words_of
from weighbridge.fleet.store import Store
from weighbridge.ledger.entry import decode, encode
from weighbridge.model.errors import WeighbridgeError

NAMES = {LAPTOP: ("laptop", "ada", "lab"), DESKTOP: ("desktop", "bob", "lab"), SERVER: ("server", "", "ops")}
KINDS = ("process", "process-end", "sighting", "verdict", "gap", "heartbeat")
TERMS = {
    "kind": ("gap", "PROCESS", "process*", "none", "(gap OR verdict)"),
    "digest": (LLAMA, "1a1a", "ffff", f"({LLAMA} OR {POET})", "3c3c3c"),
    "path": ("llama", "100%", "/home"),
    "process": ("llama-server", "*server", "ollama"),
    "user": ("ada", "root"),
    "actor": ("human", "agent"),
    "agent": ("claude-code",),
    "network": ("offline", "corporate"),
    "endpoint": (LAPTOP, SERVER[:8] + "*"),
    "name": ("laptop", "*top"),
    "owner": ("ada", "nobody", "bob"),
    "group": ("lab", "ops"),
    "at": (">2026-11-20", "<1d"),
    "index": ("<10", ">=50", "3..9"),
}
TERMS["received"] = ("<10h", ">30h", "2026-11-20", "2026-11-20T00:00..2026-11-20T20:00")
WORDS = ("llama", "ada", "laptop", "zzz")
Oracle = list[tuple[tuple[int, str, int], dict[str, object], list[str]]]


def _data(chance: random.Random, kind: str) -> dict[str, object]:
    digest = chance.choice((LLAMA, POET, PICKLE, f"claimed:{LLAMA}"))
    if kind == "process":
        actor = chance.choice(({"kind": "human"}, {"kind": "agent", "agent": "claude-code"}, {}))
        weights = [{"sha256": one} for one in chance.sample((LLAMA, POET, PICKLE), chance.randrange(3))]
        name = chance.choice(("llama-server", "ollama", "Python"))
        user = chance.choice(("ada", "root"))
        return {"pid": 1, "started": 2, "name": name, "user": user, "actor": actor, "weights": weights}
    if kind in ("sighting", "verdict"):
        return {"artifact": digest, "path": chance.choice(("/home/ada/llama.gguf", "C:\\100%_poet", ""))}
    return {"why": "because"}


def _write(connection: Connection, number: int = 90) -> Oracle:
    chance = random.Random(11)
    fill(connection)
    oracle: Oracle = []
    for endpoint_id, (name, owner, group) in NAMES.items():
        received = AT - 60 * HOUR
        for first in range(0, number, 10):
            received += chance.choice((0, HOUR, 9 * HOUR))
            batch = []
            for index in range(first, first + 10):
                kind = chance.choice(KINDS)
                at = received - chance.choice((0, HOUR, 40 * HOUR))
                network = chance.choice(("offline", "corporate"))
                moment = datetime.fromtimestamp(at / 1000, UTC)
                entry = encode(index, kind, _data(chance, kind), at=moment, monotonic=1.0, boot="b", network=network)
                record = decode(entry)
                assert record is not None
                said = words_of(record)
                row: dict[str, object] = {
                    "kind": kind,
                    "digest": list(digests_of(record)),
                    "network": network,
                    "endpoint": endpoint_id,
                    "name": name,
                    "owner": owner,
                    "group": group,
                    "received": received,
                    "at": at,
                    "index": index,
                    **said._asdict(),
                }
                words = [kind, said.process, said.user, said.agent, said.path, name]
                oracle.append(((received, endpoint_id, index), row, words))
                batch.append((entry, record))
            records.append(connection, endpoint_id, first, batch, received)
            named = [(at, one) for at, (_, record) in enumerate(batch, first) for one in digests_of(record)]
            records.note_digests(connection, endpoint_id, named, received)
    return sorted(oracle, reverse=True)


@pytest.fixture
def told(store: Store) -> tuple[Store, Oracle]:
    return store, store.write_now(_write)


def _keys(found: Found) -> list[tuple[int, str, int]]:
    return [(row.received_at, row.endpoint_id, row.record_index) for row in found.rows]


def _pages(connection: Connection, query: str, limit: int, looked: int, scope: Scope = EVERYTHING) -> Iterator[Found]:
    found = search(connection, scope, query, NOW, limit=limit, looked=looked)
    yield found
    while found.after:
        found = search(connection, scope, query, NOW, after=found.after, limit=limit, looked=looked)
        yield found


def test_any_query_finds_what_the_same_query_means_in_python(
    told: tuple[Store, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weighbridge.fleet.record_search._FIRST_LOOKED", 11)
    store, oracle = told
    scopes = (EVERYTHING, Scope(groups=("ops",)), Scope(endpoint_id=LAPTOP), Scope(groups=()))
    seen = {SERVER: (EVERYTHING, scopes[1]), LAPTOP: (EVERYTHING, scopes[2]), DESKTOP: (EVERYTHING,)}

    with store.database.engine.connect() as connection:

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(queries(TERMS, WORDS), st.sampled_from(scopes), st.sampled_from(((500, 20_000), (7, 20_000), (20, 13))))
        def each(query: str, scope: Scope, size: tuple[int, int]) -> None:
            node = parse(query)
            expected = [
                place for place, row, words in oracle if scope in seen[place[1]] and fits(node, row, words, FIELDS, NOW)
            ]
            try:
                pages = list(_pages(connection, query, *size, scope=scope))
            except WeighbridgeError as error:
                assert "more than" in error.message  # noqa: PT017  (what it may refuse is one thing)
                return
            assert [key for found in pages for key in _keys(found)] == expected, query
            assert all(len(found.rows) <= size[0] for found in pages)
            assert not pages[-1].after

        each()


def test_the_narrowest_road_is_taken(told: tuple[Store, Oracle]) -> None:
    store, _ = told
    for query, expected in (
        ("", "time"),
        ("llama", "time"),
        ("kind:process*", "time"),
        ("NOT kind:gap", "time"),
        ("kind:gap OR network:offline", "time"),
        ("kind:gap", "kind"),
        ("kind:gap OR kind:verdict", "kind"),
        ("received:<3d kind:(gap OR start)", "kind"),
        ("kind:gap name:laptop", "endpoint"),
        ("(owner:ada OR owner:bob) kind:gap", "endpoint"),
        ("NOT group:lab", "endpoint"),
        ("owner:ada digest:1a1a", "digest"),
        (EXAMPLE, "endpoint"),
    ):
        found = store.read_now(lambda c, query=query: search(c, EVERYTHING, query, NOW))
        assert (found.by, found.back_to) == (expected, None), query


def test_what_was_not_looked_at_is_said_and_gone_on_from(told: tuple[Store, Oracle]) -> None:
    store, oracle = told
    with store.database.engine.connect() as connection:
        pages = list(_pages(connection, "process:ollama network:offline", 50, 40))
    assert len(pages) == 7
    for number, found in enumerate(pages[:-1], 1):
        assert found.back_to == oracle[40 * number - 1][0][0]
        assert all(row.received_at >= found.back_to for row in found.rows)
    assert pages[-1].back_to is None
    rows = sum(len(found.rows) for found in pages)
    assert rows == sum(row["process"] == "ollama" and row["network"] == "offline" for _, row, _ in oracle)


def test_a_beginning_of_too_many_digests_is_refused(told: tuple[Store, Oracle]) -> None:
    store, _ = told
    many = [(1, f"abcd{number:060x}") for number in range(9)]
    store.write_now(lambda connection: records.note_digests(connection, LAPTOP, many, AT))
    for query in ("digest:abcd", "digest:(" + " OR ".join(digest for _, digest in many) + ")"):
        with pytest.raises(WeighbridgeError, match="more than 8 digests"):
            store.read_now(lambda c, query=query: search(c, EVERYTHING, query, NOW))


def test_entries_are_read_for_the_rows_that_are_shown(told: tuple[Store, Oracle]) -> None:
    store, _ = told
    found = store.read_now(lambda connection: search(connection, EVERYTHING, "", NOW, limit=3))
    kept = store.read_now(lambda connection: entries(connection, found.rows))
    assert {record.sequence for one in kept.values() if (record := decode(one))} == {
        row.record_index for row in found.rows
    }
    assert store.read_now(lambda connection: entries(connection, ())) == {}


QUERIES = (
    "",
    "network:offline llama",
    "kind:(gap OR verdict) received:2026-11-19..2026-11-20",
    "owner:ada process:ollama",
    f"digest:{LLAMA} path:llama",
    "digest:1a1a NOT kind:gap",
    "received:>30h",
)


@pytest.mark.parametrize("query", QUERIES)
def test_every_road_is_an_index_and_no_table_is_read_whole(told: tuple[Store, Oracle], query: str) -> None:
    store, _ = told
    pages: list[Found] = []

    def ask(connection: Connection) -> None:
        pages.extend([*_pages(connection, query, 2, 50)][:3])

    found = plans(store, ask)
    assert found
    assert [step for plan in found for step in strange_scans(plan, {"records", "record_digests"})] == []


def test_an_answer_costs_a_statement_or_two_a_road(told: tuple[Store, Oracle]) -> None:
    store, _ = told
    statements: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.extend([statement] if statement.startswith("SELECT") else [])

    with store.database.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", count)
        for query, expected in (
            ("", 1),
            ("kind:gap", 1),
            ("kind:(gap OR verdict)", 3),
            ("owner:ada", 2),
            ("path:nosuch", 2),
        ):
            statements.clear()
            search(connection, EVERYTHING, query, NOW)
            assert len(statements) == expected, query
