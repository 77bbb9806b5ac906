import pytest
from sqlalchemy import Connection
from tests.fleet.small_fleet import LAPTOP
from tests.fleet.told import NOW, tell_all

from weighbridge.fleet import outbox
from weighbridge.fleet.outbox import FINDING, RECORDS, RECORDS_AT_ONCE, Row
from weighbridge.fleet.store import Store


def _rows(store: Store, position: int = 0) -> list[Row]:
    return store.read_now(lambda connection: outbox.after(connection, position, 1000))


def test_rows_come_in_order_and_once(store: Store) -> None:
    store.write_now(tell_all)
    rows = _rows(store)
    assert [row.position for row in rows] == [1, 2, 3]
    assert [row.topic for row in rows] == ["records", "finding", "decision"]
    assert (rows[0].first, rows[0].records) == (0, 8)
    assert _rows(store, 1) == rows[1:]
    assert store.write_now(outbox.number) == 0
    assert _rows(store) == rows


def test_many_records_are_told_in_parts_that_are_whole(store: Store) -> None:
    count = 2 * RECORDS_AT_ONCE + 7
    store.write_now(lambda connection: outbox.tell_records(connection, LAPTOP, 50, count, NOW))
    assert store.read_now(outbox.has_unnumbered)
    assert store.write_now(outbox.number) == 3
    told = [index for row in _rows(store) for index in range(row.first, row.first + row.records)]
    assert told == [*range(50, 50 + count)]
    assert not store.read_now(outbox.has_unnumbered)


def test_nothing_is_told_of_what_was_not_stored(store: Store) -> None:
    def job(connection: Connection) -> None:
        outbox.tell(connection, LAPTOP, FINDING, {"message": "x"}, NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write_now(job)
    assert not store.read_now(outbox.has_unnumbered)


def test_what_is_committed_later_comes_later_whatever_it_says_of_its_time(store: Store) -> None:
    """A reader that has come to the end is not overtaken from behind by a slow transaction."""
    store.write_now(lambda connection: outbox.tell(connection, LAPTOP, FINDING, {"message": "late"}, NOW + 5))
    store.write_now(outbox.number)
    cursor = _rows(store)[-1].position
    store.write_now(lambda connection: outbox.tell(connection, LAPTOP, FINDING, {"message": "slow"}, NOW - 5))
    store.write_now(outbox.number)
    assert [row.at for row in _rows(store, cursor)] == [NOW - 5]


def test_positions_are_given_by_one_at_a_time(store: Store) -> None:
    for index in range(20):
        store.write_now(lambda connection, index=index: outbox.tell_records(connection, LAPTOP, index, 1, NOW + index))
    futures = [store.database.submit(outbox.number) for _ in range(8)]
    assert sum(future.result() for future in futures) == 20
    assert [row.position for row in _rows(store)] == [*range(1, 21)]


def test_from_a_date_and_retention(store: Store) -> None:
    store.write_now(tell_all)
    before = {
        at: store.read_now(lambda connection, at=at: outbox.position_before(connection, at))
        for at in range(NOW, NOW + 4)
    }
    assert before == {NOW: 0, NOW + 1: 1, NOW + 2: 2, NOW + 3: 3}
    assert store.read_now(lambda connection: outbox.count_after(connection, 1)) == 2
    assert store.write_now(lambda connection: outbox.prune(connection, NOW + 2, 10)) == (2, 2)
    assert [row.topic for row in _rows(store)] == ["decision"]
    assert store.write_now(lambda connection: outbox.prune(connection, NOW, 10)) == (0, 0)
    assert store.read_now(outbox.head) == 3
    store.write_now(lambda connection: outbox.tell(connection, "", FINDING, {}, NOW))
    assert store.read_now(outbox.count_unnumbered) == 1
    assert store.write_now(lambda connection: outbox.prune(connection, NOW + 99, 10)) == (1, 3)
    assert store.write_now(outbox.number) == 1
    assert [row.position for row in _rows(store)] == [4]


def test_rows_by_key(store: Store) -> None:
    store.write_now(tell_all)
    rows = _rows(store)
    keys = [(row.endpoint_id, row.row_id) for row in reversed(rows)]
    assert store.read_now(lambda connection: outbox.by_key(connection, [*keys, ("", "gone")])) == rows
    assert rows[0].row_id == "records-0"
    assert rows[0].topic == RECORDS
