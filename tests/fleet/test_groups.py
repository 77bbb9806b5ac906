import pytest
from tests.fleet.small_fleet import AT, LAPTOP, fill

from weighbridge.fleet import groups
from weighbridge.fleet.groups import Described
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.model.errors import WeighbridgeError


def counted(store, scope):
    return [(one.name, one.endpoints) for one in store.read_now(lambda connection: groups.every(connection, scope))]


def describe(store, name, rule="", place=None):
    store.write_now(lambda connection: groups.describe(connection, Described(name=name, rule=rule), AT, place))


def test_groups_are_counted_within_a_scope(store):
    store.write_now(fill)
    describe(store, "empty")
    assert counted(store, EVERYTHING) == [("empty", 0), ("lab", 2), ("ops", 1)]
    assert counted(store, Scope(groups=("ops",))) == [("ops", 1)]
    assert counted(store, Scope(groups=("ops", "empty"))) == [("empty", 0), ("ops", 1)]
    assert counted(store, Scope(endpoint_id=LAPTOP)) == [("lab", 1)]
    assert counted(store, Scope(groups=())) == []


def test_rules_have_an_order(store):
    for name in ("c", "a", "b"):
        describe(store, name, f"owner:{name}")
    describe(store, "a", "owner:z")
    assert [one.name for one in store.read_now(groups.described)] == ["c", "a", "b"]
    describe(store, "b", "owner:b", place=-1)
    assert [one.name for one in store.read_now(groups.described)] == ["b", "c", "a"]
    assert store.write_now(lambda connection: groups.forget(connection, "c"))
    assert not store.write_now(lambda connection: groups.forget(connection, "c"))


@pytest.mark.parametrize(
    ("name", "rule", "code"),
    [
        ("", "", "E-group"),
        ("a\nb", "", "E-group"),
        ("-x", "", "E-group"),
        ("x ", "", "E-group"),
        ("x" * 65, "", "E-group"),
        ("x", "severity:high", "E-query"),
        ("x", "group:y", "E-query"),
        ("x", "nowner:ada", "E-query"),
        ("x", "just words", "E-query"),
        ("x", "owner:(", "E-query"),
    ],
)
def test_what_is_no_group(store, name, rule, code):
    with pytest.raises(WeighbridgeError) as raised:
        describe(store, name, rule)
    assert raised.value.code == code


def test_there_are_not_more_than_so_many(store, monkeypatch):
    monkeypatch.setattr(groups, "MOST", 1)
    describe(store, "one")
    describe(store, "one", "owner:ada")
    with pytest.raises(WeighbridgeError, match="up to 1"):
        describe(store, "two")
