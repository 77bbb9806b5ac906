import pytest
from sqlalchemy import Connection, select
from tests.fleet.told import NOW, tell_all

from weighbridge.fleet import export_targets
from weighbridge.fleet.export_targets import CLAIM_MILLISECONDS, MOST, SECRETS, ExportTarget, claim, holds
from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination
from weighbridge.model.errors import WeighbridgeError

WHERE = Destination(address="https://a.example/secret", secret="token", format="ecs", authorities="pem")


def add(connection: Connection, name: str = "n", since: int | None = None) -> ExportTarget:
    about = {"kind": "webhook", "shown_address": "https://a.example/…", "topics": ("record",), "severity": "low"}
    return export_targets.add(connection, NOW, WHERE, name=name, since=since, **about)


def test_a_target_is_stored_with_its_secret_apart(store: Store) -> None:
    store.write_now(tell_all)
    made = store.write_now(add)
    assert store.read_now(export_targets.listed) == [made]
    assert (made.cursor, made.topics, made.paused) == (3, ("record",), False)
    assert "token" not in repr(made)
    assert store.read_now(lambda c: export_targets.destination_of(c, made)) == WHERE
    assert store.write_now(lambda c: add(c, since=NOW + 1)).cursor == 1
    assert store.write_now(lambda c: export_targets.remove(c, made.target_id))
    assert not store.write_now(lambda c: export_targets.remove(c, made.target_id))
    assert store.read_now(lambda c: export_targets.destination_of(c, made)) is None
    assert len(store.read_now(lambda c: c.execute(select(SECRETS)).all())) == 1


def test_a_claim_ends_by_itself_and_is_for_one(store: Store) -> None:
    target_id = store.write_now(add).target_id
    found = store.write_now(lambda c: claim(c, NOW, "one"))
    assert found is not None
    assert store.write_now(lambda c: holds(c, target_id, "one"))
    assert not store.write_now(lambda c: holds(c, target_id, "two"))
    assert store.write_now(lambda c: claim(c, NOW + 1, "two")) is None
    assert not store.read_now(lambda c: export_targets.is_due(c, NOW + CLAIM_MILLISECONDS - 1))
    assert store.write_now(lambda c: claim(c, NOW + CLAIM_MILLISECONDS, "two")) is not None
    assert not store.write_now(lambda c: holds(c, target_id, "one"))


def test_a_replay_takes_the_claim_away(store: Store) -> None:
    store.write_now(tell_all)
    target_id = store.write_now(add).target_id
    store.write_now(lambda c: claim(c, NOW, "one"))
    assert store.write_now(lambda c: export_targets.replay(c, NOW, target_id, 0)) == 3
    assert not store.write_now(lambda c: holds(c, target_id, "one"))
    assert store.read_now(lambda c: export_targets.is_due(c, NOW))


def test_whoever_waited_longest_is_next(store: Store) -> None:
    first, second = store.write_now(lambda c: add(c, "b")), store.write_now(lambda c: add(c, "a"))
    assert [one.name for one in store.read_now(export_targets.listed)] == ["a", "b"]
    store.write_now(lambda c: export_targets.retry(c, NOW - 5, second.target_id))
    taken = [store.write_now(lambda c: claim(c, NOW, "w")) for _ in range(3)]
    assert [one and one.target_id for one in taken] == [second.target_id, first.target_id, None]


def test_there_are_at_most_so_many(store: Store) -> None:
    store.write_now(lambda c: [add(c) for _ in range(MOST)])
    with pytest.raises(WeighbridgeError, match=f"up to {MOST}"):
        store.write_now(add)


def test_all_are_let_go_of_when_a_server_alone_with_its_database_begins(store: Store) -> None:
    target_id = store.write_now(add).target_id
    store.write_now(lambda c: claim(c, NOW, "dead"))
    store.write_now(export_targets.release)
    assert not store.write_now(lambda c: holds(c, target_id, "dead"))
    assert store.write_now(lambda c: claim(c, NOW, "new")) is not None
