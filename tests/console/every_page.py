"""Every page of the console, taken from its routes, so that no test and no picture forgets a new one."""

import re
from collections.abc import Mapping

from weighbridge.console.registry import PAGES

NO_PAGES = ("/static/", "/sign-in", "/settings/files/fleet.yaml", "/policy/versions/{number:str}/sign")
"""Files, and what nobody sees who is signed in; the page for signing in has tests of its own."""
_PARAMETER = re.compile(r"\{(\w+):\w+\}")


def routes() -> list[str]:
    """Return the paths of all pages as their routes spell them."""
    paths = {path for route in PAGES if "GET" in getattr(route, "http_methods", ()) for path in route.paths}
    return sorted(path for path in paths if not path.startswith(NO_PAGES))


def addresses(values: Mapping[str, str]) -> list[str]:
    """Return the address of every page.

    Args:
        values: for each parameter of a path, a thing that is there.

    Raises:
        AssertionError: there is a page of a thing for which no value is given.
    """
    found = []
    for path in routes():
        missing = [name for name in _PARAMETER.findall(path) if name not in values]
        assert not missing, f"{path}: say which {', '.join(missing)} to show, and have it in the fleet of the tests"
        found.append(_PARAMETER.sub(lambda match: values[match[1]], path))
    return found
