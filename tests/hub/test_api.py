"""The routes of the hub under /api/v1: each file that has some is in the list, sorted by its name."""

import pkgutil
from importlib import import_module

from litestar.handlers import BaseRouteHandler

import weighbridge.hub
from weighbridge.hub.api import HUB_API


def test_every_route_that_is_declared_is_listed_by_its_file():
    declared: list[BaseRouteHandler] = []
    for module in sorted(pkgutil.iter_modules(weighbridge.hub.__path__), key=lambda one: one.name):
        routes = getattr(import_module(f"weighbridge.hub.{module.name}"), "ROUTES", ())
        declared += [one for one in routes if isinstance(one, BaseRouteHandler)]
    assert [*HUB_API] == declared
