"""`wb fleet policy delegate`: say who signs revocations and exceptions, and whether the server may revoke in haste."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet, write_to_sign
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("delegate", short_help="Say who signs revocations and exceptions: writes what people sign.")
@click.option(
    "--urgent",
    type=click.Choice(["server", "nobody"]),
    help="Whose single key is enough to revoke at once; it can forbid and never allow. [as before]",
)
@click.option("-o", "--output", metavar="FILE", default="delegation.sign.json", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, urgent: str | None, output: str) -> int:
    """Write a list of policies that says who may sign revocations and exceptions: the people who sign policies.

    Needed once for a fleet that had policies before, again after `wb fleet policy root` named other people, and to let
    the server's own key revoke models at once (`--urgent server`).
    """
    from weighbridge.fleet import ruling_signing

    wanted = None if urgent is None else urgent == "server"

    def job(connection: "Connection", now: int) -> bytes:
        return ruling_signing.delegate(connection, now, wanted)

    write_to_sign(screen, output, fleet.write(job))
    if urgent == "server":
        screen.say("! whoever takes this server over can then forbid models, and never allow one", "warning")
    return Exit.WITHIN_POLICY
