from sqlalchemy import MetaData, Table, select

from weighbridge.fleet.statements import insert_missing, upsert
from weighbridge.fleet.tables import integer

SEEN = Table("seen", MetaData(), integer("number", primary_key=True), integer("first"), integer("last"))


def _rows(store):
    return [tuple(row) for row in store.read_now(lambda c: c.execute(select(SEEN).order_by(SEEN.c.number)).all())]


def test_new_values_replace_old_ones_except_those_that_are_kept(store):
    SEEN.create(store.database.engine)
    store.write_now(lambda c: upsert(c, SEEN, [{"number": 1, "first": 5, "last": 5}], keep=["first"]))
    rows = [{"number": 1, "first": 9, "last": 9}, {"number": 2, "first": 9, "last": 9}]
    store.write_now(lambda c: upsert(c, SEEN, rows, keep=["first"]))
    assert _rows(store) == [(1, 5, 9), (2, 9, 9)]
    store.write_now(lambda c: upsert(c, SEEN, []))
    store.write_now(lambda c: upsert(c, SEEN, [{"number": 1, "first": 0, "last": 0}], keep=["first", "last"]))
    assert _rows(store) == [(1, 5, 9), (2, 9, 9)]


def test_what_is_there_stays(store):
    SEEN.create(store.database.engine)
    rows = [{"number": number, "first": number, "last": number} for number in range(2_000)]
    store.write_now(lambda c: insert_missing(c, SEEN, rows[:1]))
    store.write_now(lambda c: insert_missing(c, SEEN, [row | {"last": -1} for row in rows]))
    store.write_now(lambda c: insert_missing(c, SEEN, []))
    found = _rows(store)
    assert len(found) == 2_000
    assert found[0] == (0, 0, 0)
    assert found[1] == (1, 1, -1)
