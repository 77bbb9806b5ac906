import asyncio
import threading
from contextlib import suppress

import pytest
from sqlalchemy import MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from weighbridge.fleet.store import Store, hidden
from weighbridge.fleet.tables import integer
from weighbridge.model.errors import WeighbridgeError

NOTES = Table("note", MetaData(), integer("number", primary_key=True), integer("value"))


def _add(number, value=0):
    def job(connection):
        connection.execute(insert(NOTES).values(number=number, value=value))
        return 1

    return job


def _count(connection):
    return connection.execute(select(func.count()).select_from(NOTES)).scalar_one()


@pytest.fixture
def notes(store):
    NOTES.create(store.database.engine)
    return store


def test_what_was_written_is_read_again(notes):
    assert notes.write_now(_add(1)) == 1
    assert notes.read_now(_count) == 1


def test_many_writers_at_once_each_get_their_own_answer(notes):
    async def every():
        return await asyncio.gather(*(notes.write(_echo(number)) for number in range(200)))

    def _echo(number):
        def job(connection):
            _add(number)(connection)
            return number

        return job

    assert asyncio.run(every()) == list(range(200))
    assert notes.read_now(_count) == 200
    assert notes.waiting == 0


def test_a_job_that_fails_takes_nothing_of_the_others_with_it(notes):
    def failing(connection):
        _add(500)(connection)
        raise ValueError("mine")

    async def every():
        jobs = [_add(1), failing, _add(2), _add(1), _add(3)]
        return await asyncio.gather(*map(notes.write, jobs), return_exceptions=True)

    outcomes = asyncio.run(every())
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds.count(int) == 3
    assert kinds[1] is ValueError
    assert kinds.count(IntegrityError) == 1
    assert notes.read_now(_count) == 3


def test_two_who_look_and_then_write_the_same_are_no_failure(notes):
    """Neither sees the other's row before it is committed; who comes second looks again, and finds it."""
    looked = threading.Barrier(2)

    def add_if_missing(connection):
        found = connection.execute(select(NOTES.c.value).where(NOTES.c.number == 1)).first()
        if found is not None:
            return "found"
        with suppress(threading.BrokenBarrierError):
            looked.wait(0.05 if notes.dialect == "sqlite" else 60)  # one thread writes into a file: nobody else comes
        return _add(1)(connection)

    async def both():
        return await asyncio.gather(notes.write(add_if_missing), notes.write(add_if_missing))

    assert sorted(map(str, asyncio.run(both()))) == ["1", "found"]
    assert notes.read_now(_count) == 1


def test_a_read_cannot_write(notes):
    with pytest.raises((DBAPIError, WeighbridgeError)):
        notes.read_now(_add(1))
    assert notes.read_now(_count) == 0


def test_a_read_sees_one_state_while_others_write(notes):
    notes.write_now(_add(1))

    def job(connection):
        before = _count(connection)
        notes.write_now(_add(2))
        return before, _count(connection)

    assert notes.read_now(job) == (1, 1)
    assert notes.read_now(_count) == 2


def test_reads_do_not_hold_the_event_loop(notes):
    loop_went_on = threading.Event()

    def job(_connection):
        return loop_went_on.wait(60)

    async def both():
        reading = asyncio.create_task(notes.read(job))
        await asyncio.sleep(0)
        loop_went_on.set()
        return await reading

    assert asyncio.run(both()) is True


def test_who_no_longer_waits_does_not_undo_what_was_taken(notes):
    begun, go_on = threading.Event(), threading.Event()

    def slow(connection):
        begun.set()
        go_on.wait(60)
        return _add(1)(connection)

    async def give_up():
        writing = asyncio.create_task(notes.write(slow))
        await asyncio.get_running_loop().run_in_executor(None, begun.wait, 60)
        writing.cancel()
        go_on.set()

    asyncio.run(give_up())
    notes.write_now(_add(2))
    notes.close()
    opened = Store.open(notes.database.engine.url.render_as_string(hide_password=False).replace("+psycopg", ""))
    assert opened.read_now(_count) == 2
    opened.close()


def test_closing_finishes_what_was_taken_and_takes_no_more(notes):
    futures = [notes.database.submit(_add(number)) for number in range(100)]
    notes.close()
    assert [future.result(60) for future in futures] == [1] * 100
    with pytest.raises(WeighbridgeError) as caught:
        notes.write_now(_add(1))
    assert caught.value.code == "E-store-busy"
    notes.close()


def test_values_do_not_show_in_errors(notes):
    notes.write_now(_add(1, 7654321))
    with pytest.raises(IntegrityError) as caught:
        notes.write_now(_add(1, 7654321))
    assert "7654321" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "fleet.db", "mysql://host/db", "sqlite://", "sqlite:///:memory:", "sqlite://host/path", "postgresql+x://h/d"],
)
def test_addresses_that_are_none(url):
    with pytest.raises(WeighbridgeError) as caught:
        Store.open(url)
    assert caught.value.code == "E-store-url"


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "fleet.db"
    path.write_bytes(b"not a database at all, but something that a person wrote" * 50)
    before = path.read_bytes()
    with pytest.raises(WeighbridgeError) as caught:
        Store.open(f"sqlite:///{path}")
    assert caught.value.code == "E-store-open"
    assert path.read_bytes() == before


def test_a_missing_folder_and_a_missing_server_are_said(tmp_path):
    for url in (f"sqlite:///{tmp_path}/missing/fleet.db", f"postgresql://ada:secret@/fleet?host={tmp_path}"):
        with pytest.raises(WeighbridgeError) as caught:
            Store.open(url)
        assert caught.value.code == "E-store-open"
        assert "secret" not in caught.value.message


def test_passwords_are_hidden():
    assert hidden("postgresql://ada:pass@word@host/db") == "postgresql://ada@host/db"
    assert hidden("sqlite:///path") == "sqlite:///path"


def test_text_survives_both_databases(notes):
    told = notes.read_now(lambda connection: connection.execute(text("SELECT 'Größe ✓ 𝔘'")).scalar())
    assert told == "Größe ✓ 𝔘"
