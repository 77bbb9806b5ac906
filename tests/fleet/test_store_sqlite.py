import asyncio
import os
import stat
import threading

import pytest
from sqlalchemy import Column, MetaData, String, Table, event, func, insert, select

from weighbridge.fleet.store import Store
from weighbridge.fleet.tables import integer
from weighbridge.model.errors import WeighbridgeError

NOTES = Table("note", MetaData(), integer("number", primary_key=True), Column("text", String))


def _add(number, text="x"):
    return lambda connection: connection.execute(insert(NOTES).values(number=number, text=text)) and number


def _numbers(connection):
    return sorted(connection.execute(select(NOTES.c.number)).scalars())


@pytest.fixture
def notes(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'fleet.db'}")
    NOTES.create(opened.database.engine)
    yield opened
    opened.close()


def test_only_the_owner_reads_the_file(notes, tmp_path):
    notes.write_now(_add(1))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600} or os.name == "nt"


def test_writes_that_wait_are_committed_together(notes):
    commits = []
    event.listen(notes.database.engine, "commit", commits.append)
    begun, go_on = threading.Event(), threading.Event()

    def first(connection):
        begun.set()
        go_on.wait(60)
        return _add(0)(connection)

    taken = [notes.database.submit(first)]
    assert begun.wait(60)
    taken += [notes.database.submit(_add(number)) for number in range(1, 65)]
    assert notes.waiting == 65
    go_on.set()
    assert [future.result(60) for future in taken] == list(range(65))
    assert len(commits) == 2


def test_each_commit_waits_for_the_disk(notes):
    found = notes.database.submit(
        lambda c: (c.exec_driver_sql("PRAGMA synchronous").scalar(), c.exec_driver_sql("PRAGMA journal_mode").scalar())
    )
    assert found.result(60) == (2, "wal")


def test_a_full_disk_fails_only_what_does_not_fit(notes):
    """SQLite's own limit of pages answers as a full disk does: SQLITE_FULL, and the transaction is gone."""

    def limit(connection, _):
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + 4}")

    notes.write_now(lambda connection: limit(connection.connection.dbapi_connection, None))
    event.listen(notes.database.engine, "connect", limit)

    async def every():
        jobs = [_add(1), _add(2), _add(3, "y" * 1_000_000), _add(4)]
        return await asyncio.gather(*map(notes.write, jobs), return_exceptions=True)

    one, two, three, four = asyncio.run(every())
    assert (one, two, four) == (1, 2, 4)
    assert isinstance(three, WeighbridgeError)
    assert three.code == "E-store-write"
    assert notes.read_now(_numbers) == [1, 2, 4]
    assert notes.write_now(_add(5)) == 5


def test_more_than_can_be_answered_in_time_is_not_taken(notes, monkeypatch):
    monkeypatch.setattr("weighbridge.fleet.store_sqlite._MOST_WAITING", 2)
    go_on = threading.Event()
    held = notes.database.submit(lambda _connection: go_on.wait(60))
    other = notes.database.submit(_add(1))
    with pytest.raises(WeighbridgeError) as caught:
        notes.database.submit(_add(2))
    assert caught.value.code == "E-store-busy"
    go_on.set()
    assert held.result(60)
    assert other.result(60) == 1


def test_a_read_that_takes_too_long_ends(notes, monkeypatch):
    monkeypatch.setattr("weighbridge.fleet.store_sqlite._READ_SECONDS", 0.0)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(WeighbridgeError) as caught:
        notes.read_now(lambda connection: connection.exec_driver_sql(endless).scalar())
    assert caught.value.code == "E-store-read"
    monkeypatch.undo()
    assert notes.read_now(lambda connection: connection.execute(select(func.count()).select_from(NOTES)).scalar()) == 0


def test_the_writer_survives_a_database_that_goes_away(notes, tmp_path):
    """Whatever a commit meets, the next writes are tried again."""
    notes.write_now(_add(1))
    other = Store.open(f"sqlite:///{tmp_path / 'fleet.db'}")
    other.write_now(lambda connection: connection.exec_driver_sql("DROP TABLE note"))
    other.close()
    with pytest.raises(Exception, match="no such table"):
        notes.write_now(_add(2))
    NOTES.create(notes.database.engine)
    assert notes.write_now(_add(3)) == 3
