"""A month of findings, day by day, for the whole fleet and for groups."""

from tests.fleet.small_fleet import AT, fill

from weighbridge.fleet import posture, posture_days
from weighbridge.fleet.finding_counts import COUNTS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.posture_days import DAYS, KEPT_DAYS, SHOWN_DAYS, note, of_scope
from weighbridge.fleet.processes import DAY


def counts(store, scope, now):
    return [(one.serious, one.others) for one in store.read_now(lambda connection: of_scope(connection, scope, now))]


def test_the_last_look_of_a_day_stays(store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: note(connection, AT))
    later = AT + DAY
    (first,) = counts(store, EVERYTHING, later)
    assert sum(first) > 0
    store.write_now(lambda connection: connection.execute(COUNTS.delete()))
    store.write_now(lambda connection: note(connection, AT))
    assert counts(store, EVERYTHING, later) == [(0, 0)]
    assert counts(store, EVERYTHING, AT) == [], "today is counted when somebody asks"


def test_groups_are_summed_and_one_endpoint_has_none(store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: note(connection, AT))
    names = {row.group_name for row in store.read_now(lambda connection: connection.execute(DAYS.select()).all())}
    groups = tuple(sorted(names - {"*"}))
    assert counts(store, Scope(groups=groups), AT + DAY) == counts(store, EVERYTHING, AT + DAY)
    assert counts(store, Scope(groups=("elsewhere",)), AT + DAY) == []
    assert counts(store, Scope(endpoint_id="a" * 16), AT + DAY) == []


def test_days_are_in_order_bounded_and_forgotten_at_last(store) -> None:
    store.write_now(fill)
    for back in (KEPT_DAYS + 5, SHOWN_DAYS + 1, SHOWN_DAYS, 2):
        store.write_now(lambda connection, back=back: note(connection, AT - back * DAY))
    days = store.read_now(lambda connection: of_scope(connection, EVERYTHING, AT))
    assert [(AT // DAY * DAY - one.at) // DAY for one in days] == [SHOWN_DAYS, 2]
    store.write_now(lambda connection: note(connection, AT))
    kept = store.read_now(lambda connection: connection.execute(DAYS.select()).all())
    assert min(row.day for row in kept) >= AT // DAY - KEPT_DAYS


def test_now_comes_last(store) -> None:
    store.write_now(fill)
    store.write_now(lambda connection: note(connection, AT - DAY))
    found = store.read_now(lambda connection: posture.read(connection, EVERYTHING, AT))
    held = sum(found.findings.values())
    assert [one.serious + one.others for one in found.days] == [held, held]
    assert found.days[-1].serious == sum(found.findings.get(name, 0) for name in posture_days.SERIOUS)
