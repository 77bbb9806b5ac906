"""The tables of the hub: all of them known, each with one owner, all kept by this hub's name."""

import pkgutil
from importlib import import_module

from sqlalchemy import Table

import weighbridge.hub
from weighbridge.hub.schema import CONTEXTS, METADATA


def _tables(module) -> set[str]:
    return {value.name for value in vars(module).values() if isinstance(value, Table)}


def test_every_table_of_the_hub_is_of_a_context():
    declared = set()
    for found in pkgutil.iter_modules(weighbridge.hub.__path__):
        declared |= _tables(import_module(f"weighbridge.hub.{found.name}"))
    named = {name for context in CONTEXTS for name in _tables(context)}
    assert {name for name in declared if name.startswith("hub_")} == {name for name in named if name.startswith("hub_")}
    assert named <= set(METADATA.tables)


def test_contexts_are_sorted():
    names = [context.__name__ for context in CONTEXTS]
    assert names == sorted(names)
