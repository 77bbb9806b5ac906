"""The routes of every face: each file that has some is in the list, and none hides another."""

import pkgutil
from importlib import import_module

import weighbridge.hub
from weighbridge.hub.call import Route
from weighbridge.hub.registry import ROUTES


def _declared() -> list[Route]:
    found: list[Route] = []
    for module in pkgutil.iter_modules(weighbridge.hub.__path__):
        if module.name != "registry":
            routes = getattr(import_module(f"weighbridge.hub.{module.name}"), "ROUTES", ())
            found += [one for one in routes if isinstance(one, Route)]
    return found


def test_every_route_that_is_declared_is_listed_once():
    assert sorted(map(repr, ROUTES)) == sorted(map(repr, _declared()))
    keys = [(method, route.pattern) for route in ROUTES for method in route.methods]
    assert len(keys) == len(set(keys))
