"""Every page of the console, taken from its routes, so that no test and no picture forgets a new one."""

import re
from collections.abc import Mapping

from sqlalchemy import Connection
from tests.console.catalog_things import catalog
from tests.console.policies import policies
from tests.fleet.small_fleet import AT

from weighbridge.console.registry import PAGES
from weighbridge.fleet import exception_asking, export_targets
from weighbridge.fleet.exception_asking import Asking
from weighbridge.fleet.new_target import NewTarget, checked_target
from weighbridge.fleet.permissions import Role, Scope

NO_PAGES = ("/static/", "/sign-in", "/settings/files/fleet.yaml", "/policy/versions/{number:str}/sign")
"""Files, and what nobody sees who is signed in; the page for signing in has tests of its own."""
OWN = ("/device", "/device/records")
"""Pages of the person of one endpoint."""
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


def things(connection: Connection, endpoint_id: str, sha256: str) -> dict[str, str]:
    """Put into a fleet what has a page and that a small one lacks; return a thing for each parameter of a path."""
    replay = policies(connection, prepared=True)
    why = "only for research"
    asked = Asking(check_id="license-noncommercial", sha256=sha256, scope_of=endpoint_id, owner="ada", reason=why)
    wanted = NewTarget(name="SIEM", kind="splunk", address="https://siem.example", secret="token-of-the-siem")
    checked = checked_target(wanted, wanted.secret)._asdict()
    destination = checked.pop("destination")
    target = export_targets.add(connection, AT, destination, kind=wanted.kind, since=None, **checked)
    # Nobody is at that address, and no test should ask.
    export_targets.pause(connection, AT, target.target_id, paused=True)
    return {
        **catalog(connection),
        "agent": "claude_code",
        "check_id": "ledger-forked",
        "endpoint_id": endpoint_id,
        "exception_id": exception_asking.ask(connection, AT, None, asked).exception_id,
        "number": "2",
        "replay_id": replay.rpartition("/")[2],
        "sha256": sha256,
        "target_id": target.target_id,
    }


def who(path: str, values: Mapping[str, str]) -> dict[str, object]:
    """Return whose page it is, as `chromium.tab` takes it."""
    return {"role": Role.OWNER, "scope": Scope(endpoint_id=values["endpoint_id"])} if path in OWN else {}
