"""What counts by group have in common; that they are those that counting gives, `spread` and `finding_counts` test."""

from typing import NamedTuple

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, select
from tests.fleet.small_fleet import DESKTOP, LAPTOP, SERVER, fill

from weighbridge.fleet import group_counts
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.group_counts import FLEET
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.store import Store
from weighbridge.fleet.tables import integer

APPLES = Table(
    "apples",
    MetaData(),
    Column("group_name", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    integer("ripe"),
    integer("green"),
)


class Apples(NamedTuple):
    ripe: int = 0
    green: int = 0


def less(new: Apples, old: Apples) -> Apples:
    return Apples(new.ripe - old.ripe, new.green - old.green)


def groups(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.group_name)).all())


def test_only_what_differs_is_added() -> None:
    was = {"cox": Apples(1, 2), "gala": Apples(1, 1), "pippin": Apples(3, 0)}
    now = {"cox": Apples(1, 5), "gala": Apples(1, 1), "russet": Apples(0, 4)}
    told = group_counts.differences(was, now, Apples(), less)
    assert [*told.items()] == [("cox", Apples(0, 3)), ("pippin", Apples(-3, 0)), ("russet", Apples(0, 4))]


@pytest.mark.parametrize(("scope", "names"), [(EVERYTHING, [FLEET]), (Scope(groups=("b", "a")), ["a", "b"])])
def test_a_scope_has_names(scope: Scope, names: list[str]) -> None:
    assert group_counts.names_of(scope) == names


def test_counts_follow_endpoints_into_their_group(store: Store) -> None:
    APPLES.create(store.database.engine)
    store.write_now(fill)
    of = store.read_now(groups)

    def add(connection: Connection, rows: list[tuple[str, str, Apples]]) -> None:
        statement = group_counts.adding(connection.dialect.name, APPLES, Apples._fields)
        group_counts.add(connection, statement, "kind", rows, Apples._asdict)

    def job(connection: Connection) -> None:
        for endpoint_id in (LAPTOP, DESKTOP, SERVER):
            add(connection, group_counts.changed(connection, endpoint_id, {"cox": Apples(1, 2)}))
        assert group_counts.changed(connection, LAPTOP, {}) == []
        several = lambda ids: {"cox": Apples(len(ids), 2 * len(ids))}  # noqa: E731
        add(
            connection,
            group_counts.moved(connection, [LAPTOP, SERVER], "orchard", several, lambda one: less(Apples(), one)),
        )
        again = group_counts.moved(connection, [LAPTOP], of[LAPTOP], several, lambda one: less(Apples(), one))
        assert again == []

    store.write_now(job)
    counted = group_counts.summed(APPLES, "kind", Apples._fields, group=APPLES.c.group_name)
    rows = store.read_now(lambda c: c.execute(counted.group_by(APPLES.c.group_name)).all())
    kept = {row[0]: (row[1], int(row[2]), int(row[3])) for row in rows if row[2]}
    expected = {FLEET: ("cox", 3, 6), "orchard": ("cox", 2, 4)}
    if of[DESKTOP] != "orchard":
        expected[of[DESKTOP]] = ("cox", 1, 2)
    assert kept == expected
