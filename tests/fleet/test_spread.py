"""Counts that are kept along are those that counting gives."""

import random

import pytest
from sqlalchemy import Connection, select
from tests.fleet.small_fleet import AT, DESKTOP, LAPTOP, LLAMA, PICKLE, POET, SERVER, fill
from tests.fleet.things import tell

from weighbridge.fleet import endpoints, grouping, spread
from weighbridge.fleet.group_counts import FLEET
from weighbridge.fleet.migrate import migrate, names
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.processes import WEIGHTS
from weighbridge.fleet.spread import SPREAD, Told
from weighbridge.fleet.store import Store

DIGESTS = [f"{number:x}" * 64 for number in range(1, 6)]
COUNTS = ("endpoints", "gone", "allow", "warn", "pending", "deny", "decision")


def counts(connection: Connection) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return all that is counted; rows in which nothing is left are as good as none."""
    rows = connection.execute(select(SPREAD.c.group_name, SPREAD.c.sha256, *(SPREAD.c[name] for name in COUNTS)))
    return {(row[0], row[1]): tuple(row[2:]) for row in rows if any(row[2:-1])}


def is_right(store: Store) -> None:
    kept = store.read_now(counts)
    assert kept
    store.write_now(spread.rebuild)
    assert store.read_now(counts) == kept


def sighting(path: str, digest: str) -> tuple[str, dict[str, object]]:
    return "sighting", {"artifact": digest, "path": path, "member": None, "store": "ollama"}


def gone(path: str) -> tuple[str, dict[str, object]]:
    return "sighting-end", {"path": path, "member": None}


def verdict(digest: str, decision: str) -> tuple[str, dict[str, object]]:
    return "verdict", {"artifact": digest, "decision": decision, "policy": "p 1", "rules": []}


def said(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    """Return what an endpoint might record next."""
    made = []
    for _ in range(chance.randrange(1, 6)):
        path, digest = f"/models/{chance.randrange(4)}", chance.choice(DIGESTS)
        named = chance.choice([digest, f"claimed:{digest}"])
        decision = chance.choice(spread.DECISIONS)
        made.append(chance.choice([sighting(path, named), gone(path), verdict(named, decision)]))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_along_is_what_counting_gives(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    store.write_now(fill)
    sizes = dict.fromkeys((LAPTOP, DESKTOP, SERVER), 0)
    for _ in range(20):
        endpoint_id = chance.choice([*sizes])
        told = said(chance)
        first = sizes[endpoint_id]
        store.write_now(
            lambda connection, one=endpoint_id, told=told, first=first: tell(connection, one, told, first=first)
        )
        sizes[endpoint_id] += len(told)
        if chance.random() < 0.2:
            group = chance.choice(["lab", "ops", "new"])
            store.write_now(
                lambda connection, one=endpoint_id, group=group: grouping.by_hand(connection, one, group, AT)
            )
    is_right(store)


def test_who_moves_is_counted_where_it_is(store: Store) -> None:
    store.write_now(fill)
    before = store.read_now(counts)
    assert before[("lab", LLAMA)] == (1, 1, 1, 0, 0, 0, "allow")
    assert before[("ops", LLAMA)] == (1, 0, 0, 1, 0, 0, "warn")
    store.write_now(lambda connection: spread.move(connection, [LAPTOP, SERVER], "lab"))
    store.write_now(lambda connection: endpoints.move(connection, [LAPTOP, SERVER], "lab", AT))
    after = store.read_now(counts)
    assert after[("lab", LLAMA)] == (2, 1, 1, 1, 0, 0, "warn")
    assert ("ops", LLAMA) not in after
    assert after[(FLEET, LLAMA)] == before[(FLEET, LLAMA)] == (2, 1, 1, 1, 0, 0, "warn")
    is_right(store)


def test_a_scope_sees_its_own_counts(store: Store) -> None:
    store.write_now(fill)

    def of(scope: Scope) -> dict[str, Told]:
        return store.read_now(lambda connection: spread.of_digests(connection, scope, [LLAMA, POET, PICKLE, "0" * 64]))

    assert of(EVERYTHING)[LLAMA]._replace(path="") == Told("", 2, 1, 1, 1, 0, 0)
    assert of(Scope(groups=("lab",)))[LLAMA] == Told("/home/bob/llama.gguf", 1, 1, 1, 0, 0, 0)
    assert of(Scope(groups=("lab", "ops")))[LLAMA]._replace(path="") == Told("", 2, 1, 1, 1, 0, 0)
    assert of(Scope(groups=())) == {}
    assert of(Scope(endpoint_id=SERVER)).keys() == {LLAMA, PICKLE}
    assert of(Scope(endpoint_id=DESKTOP)) == {LLAMA: Told("/home/bob/llama.gguf", 0, 1)}


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (EVERYTHING, {"warn": 1, "deny": 1}),
        (Scope(groups=("lab",)), {"allow": 1, "deny": 1}),
        (Scope(groups=("lab", "ops")), {"warn": 1, "deny": 1}),
        (Scope(endpoint_id=SERVER), {"warn": 1}),
        (Scope(groups=()), {}),
    ],
)
def test_digests_are_counted_by_their_strictest_verdict(store: Store, scope: Scope, expected: dict[str, int]) -> None:
    store.write_now(fill)
    assert store.read_now(lambda connection: spread.by_decision(connection, scope)) == expected


def test_what_was_there_before_is_counted(database_url: str) -> None:
    store = Store.open(database_url)
    migrate(store)
    store.write_now(fill)
    kept = store.read_now(counts)
    runs = select(WEIGHTS.c.endpoint_id, WEIGHTS.c.last_at, WEIGHTS.c.ended_at).order_by(WEIGHTS.c.endpoint_id)
    ended = store.read_now(lambda connection: connection.execute(runs).all())
    step = next(name for name in names() if name.endswith("spread_and_runs_by_digest"))
    migrate(store, names()[names().index(step) - 1])
    migrate(store)
    assert store.read_now(counts) == kept
    assert store.read_now(lambda connection: connection.execute(runs).all()) == ended
    store.close()
