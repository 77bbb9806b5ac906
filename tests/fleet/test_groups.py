from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet import groups
from weighbridge.fleet.permissions import EVERYTHING, Scope


def counted(store, scope):
    return [(one.name, one.endpoints) for one in store.read_now(lambda connection: groups.every(connection, scope))]


def test_groups_are_counted_within_a_scope(store):
    store.write_now(fill)
    assert counted(store, EVERYTHING) == [("lab", 2), ("ops", 1)]
    assert counted(store, Scope(groups=("ops",))) == [("ops", 1)]
    assert counted(store, Scope(endpoint_id=LAPTOP)) == [("lab", 1)]
    assert counted(store, Scope(groups=())) == []
