"""`wb fleet settle`: let one of two machines go on, after a copy of it was found."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import reason_option
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.escape import visible

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("settle", short_help="Let one of two machines go on, after a copy of it was found.")
@click.argument("endpoint", metavar="ENDPOINT")
@reason_option
@with_fleet
def command(screen: Screen, fleet: Fleet, endpoint: str, reason: str) -> int:
    """Let one machine go on as ENDPOINT, by id or host name, with a new key.

    Its device key and its ledger were copied, so nothing that either machine says tells the two apart: look at both.
    Type the command that this prints on the one that goes on; the other one is shut out then. Without a copy it only
    gives the machine a new key.
    """
    import msgspec

    from weighbridge.fleet.enrollment_routes import Reason, enroll_command
    from weighbridge.fleet.settle_routes import settle

    try:
        why = msgspec.convert({"reason": reason}, Reason).reason
    except msgspec.ValidationError as error:
        raise WeighbridgeError("E-usage", f"this is no reason: {error}", "say in a sentence what you saw") from None
    endpoint_id = fleet.read(lambda connection: _named(connection, endpoint))
    text = fleet.write(lambda connection, now: settle(connection, now, None, endpoint_id, why))
    if text is None:
        hint = "approve it if it waits; who was taken out of the fleet enrolls anew"
        raise WeighbridgeError("E-not-found", f"{visible(endpoint)} is no endpoint that could go on", hint)
    screen.data(f"{enroll_command(fleet.settings.origin, text)} --again\n")
    screen.say(f"→ type this on the machine that goes on as {endpoint_id}; the token lasts 7 days, and once", "hint")
    return Exit.WITHIN_POLICY


def _named(connection: "Connection", name: str) -> str:
    """Return the id of the endpoint with an id or a host name. Raises WeighbridgeError: none, or several."""
    from sqlalchemy import or_

    from weighbridge.fleet.endpoints import ENDPOINTS
    from weighbridge.fleet.listed_endpoints import listing
    from weighbridge.fleet.permissions import EVERYTHING

    called = or_(ENDPOINTS.c.endpoint_id == name, ENDPOINTS.c.name == name)
    found = [row.endpoint_id for row in connection.execute(listing(EVERYTHING).rows.where(called).limit(9))]
    if len(found) != 1:
        said = f"several endpoints are called {visible(name)}" if found else f"no endpoint is called {visible(name)}"
        hint = f"name one by its id: {', '.join(found)}" if found else "`wb fleet hunt endpoints` lists all"
        raise WeighbridgeError("E-not-found", said, hint)
    return str(found[0])
