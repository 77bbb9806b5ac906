"""The list of pages: whole, in order, and none of them described as an interface for programs."""

import pkgutil
from importlib import import_module

from weighbridge import console
from weighbridge.console.registry import PAGES
from weighbridge.fleet.guard import declared


def test_every_page_that_stands_in_a_file_is_served():
    named = [import_module(f"weighbridge.console.{one.name}") for one in pkgutil.iter_modules(console.__path__)]
    routes = [route for module in named for route in getattr(module, "ROUTES", ())]
    assert len(routes) > 20
    assert list(PAGES) == routes


def test_every_page_declares_who_may_see_it_and_is_no_part_of_the_api():
    for route in PAGES:
        assert declared(route) is not None, route.paths
        assert route.include_in_schema is False, route.paths
        assert not any(path.startswith("/api/") for path in route.paths)
