import pytest

from weighbridge.fleet import enrollment_definitions
from weighbridge.fleet.enrollment_definitions import Definition
from weighbridge.model.errors import WeighbridgeError

LAPTOPS = Definition(name="laptops", group="lab", labels={"tier": "1"}, uses=50, days=30, needs_approval=True)


def define(store, wanted):
    store.write_now(lambda connection: enrollment_definitions.define(connection, wanted, 5))


def test_a_definition_is_written_replaced_and_removed(store):
    define(store, Definition(name="laptops"))
    define(store, LAPTOPS)
    assert store.read_now(enrollment_definitions.every) == [LAPTOPS]
    assert store.read_now(lambda connection: enrollment_definitions.by_name(connection, "laptops")) == LAPTOPS
    assert store.read_now(lambda connection: enrollment_definitions.by_name(connection, "servers")) is None
    assert store.write_now(lambda connection: enrollment_definitions.forget(connection, "laptops"))
    assert not store.write_now(lambda connection: enrollment_definitions.forget(connection, "laptops"))


def test_labels_that_are_none(store):
    with pytest.raises(WeighbridgeError, match="no name of a label"):
        define(store, Definition(name="x", labels={"Not One": "x"}))


def test_there_are_not_more_than_so_many(store, monkeypatch):
    monkeypatch.setattr(enrollment_definitions, "MOST", 1)
    define(store, LAPTOPS)
    define(store, LAPTOPS)
    with pytest.raises(WeighbridgeError, match="up to 1"):
        define(store, Definition(name="servers"))
