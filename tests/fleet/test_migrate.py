import re
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from tests.house.files import ROOT

from weighbridge.fleet.migrate import LONGEST_NAME, migrate, names, revision
from weighbridge.fleet.migrations import MIGRATIONS
from weighbridge.fleet.store import Store
from weighbridge.hub.schema import METADATA
from weighbridge.ledger.entry import encode
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def empty(database_url):
    opened = Store.open(database_url)
    yield opened
    opened.close()


def _tables(store):
    return sorted(set(inspect(store.database.engine).get_table_names()) - {"alembic_version"})


def _differences(store):
    with store.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, METADATA)


def test_every_migration_is_listed_in_order():
    folder = ROOT / "src" / "weighbridge" / "fleet" / "migrations"
    assert names() == sorted(path.stem for path in folder.glob("m*.py"))
    assert [int(name[1:5]) for name in names()] == list(range(1, len(names()) + 1))
    assert [name for name in names() if len(name) > LONGEST_NAME] == []


def test_the_migrations_make_what_the_contexts_declare(empty):
    assert revision(empty) is None
    assert migrate(empty) == names()
    assert _differences(empty) == []
    assert revision(empty) == names()[-1]
    assert migrate(empty) == []


def test_every_step_down_takes_back_what_its_step_up_made(empty):
    made = []
    for name in names():
        made.append(_tables(empty))
        assert migrate(empty, name) == [name]
    assert _tables(empty) == sorted(METADATA.tables)
    before = [*names()[:-1]][::-1]
    for back, expected in zip([*before, "base"], reversed(made), strict=True):
        migrate(empty, back)
        assert _tables(empty) == expected
    assert revision(empty) is None
    migrate(empty)
    assert _differences(empty) == []


def test_the_file_is_the_same_whether_migrated_or_made_at_once(tmp_path):
    def statements(store):
        found = store.read_now(lambda c: c.execute(text("SELECT name, sql FROM sqlite_master")).all())
        plain = {name: re.sub(r"\s+", " ", sql) for name, sql in found if sql is not None}
        plain.pop("alembic_version", None)
        return plain

    migrated, at_once = (Store.open(f"sqlite:///{tmp_path}/{name}.db") for name in ("migrated", "at-once"))
    migrate(migrated)
    METADATA.create_all(at_once.database.engine)
    assert statements(migrated) == statements(at_once)
    migrated.close()
    at_once.close()


def test_a_step_that_fails_changes_nothing(empty, monkeypatch):
    def upgrade(operations):
        operations.execute("CREATE TABLE half_made (number INTEGER)")
        operations.execute("INSERT INTO no_such_table VALUES (1)")

    failing = SimpleNamespace(__name__="weighbridge.fleet.migrations.m9999_failing", upgrade=upgrade)
    migrate(empty)
    before = _tables(empty)
    monkeypatch.setattr("weighbridge.fleet.migrate.MIGRATIONS", (*MIGRATIONS, failing))
    with pytest.raises(WeighbridgeError) as caught:
        migrate(empty)
    assert caught.value.code == "E-store-migration"
    assert _tables(empty) == before
    monkeypatch.undo()
    assert revision(empty) == names()[-1]


def test_a_newer_database_is_left_alone(empty):
    migrate(empty)
    with empty.database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'm9999_from_the_future'"))
    with pytest.raises(WeighbridgeError) as caught:
        migrate(empty)
    assert caught.value.code == "E-store-revision"
    assert "m9999_from_the_future" in caught.value.message
    with pytest.raises(WeighbridgeError):
        migrate(empty, "no such revision")


def test_servers_that_start_at_once_wait_for_each_other(database_url):
    stores = [Store.open(database_url) for _ in range(4)]
    outcomes = []
    threads = [threading.Thread(target=lambda one=one: outcomes.append(migrate(one))) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(len, outcomes)) == [0, 0, 0, len(names())]
    assert _differences(stores[0]) == []
    for store in stores:
        store.close()


def test_records_that_are_there_are_found_like_those_that_come(empty):
    migrate(empty, "m0005_outbox_and_export_targets")
    at, digest = datetime(2026, 11, 21, tzinfo=UTC), "1a" * 32
    data = {"pid": 1, "started": 2, "name": "llama-server", "user": "ada", "weights": [{"sha256": digest}]}
    entries = [
        encode(index, "process", data, at=at, monotonic=1.0, boot="b", network="offline") for index in range(700)
    ] + [b"no record"]
    insert = text(
        "INSERT INTO records (endpoint_id, record_index, kind, received_at, network, entry)"
        " VALUES ('aaaaaaaaaaaaaaaa', :index, 'process', 5, '', :entry)"
    )
    with empty.database.engine.begin() as connection:
        connection.execute(insert, [{"index": index, "entry": entry} for index, entry in enumerate(entries)])
    migrate(empty)
    words, digests = METADATA.tables["records"], METADATA.tables["record_digests"]
    said = empty.read_now(lambda connection: connection.execute(select(words).where(words.c.process != "")).all())
    named = empty.read_now(lambda connection: connection.execute(select(digests)).all())
    assert len(said) == len(named) == 700
    assert {(one.process, one.user, one.path) for one in said} == {("llama-server", "ada", "")}
    assert {(one.sha256, one.received_at) for one in named} == {(digest, 5)}
