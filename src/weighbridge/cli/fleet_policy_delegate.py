"""`wb fleet policy delegate`: say who signs rulings, and which of them the server may sign alone."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet, write_to_sign
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("delegate", short_help="Say who signs revocations, exceptions and approvals: writes what people sign.")
@click.option(
    "--urgent",
    type=click.Choice(["server", "nobody"]),
    help="Whose single key is enough to revoke at once; it can forbid and never allow. [as before]",
)
@click.option(
    "--catalog",
    type=click.Choice(["server", "people"]),
    help="Who signs what the catalog approves: this server's own key, or those who sign policies. [as before]",
)
@click.option("-o", "--output", metavar="FILE", default="delegation.sign.json", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, urgent: str | None, catalog: str | None, output: str) -> int:
    """Write a list of policies that says who may sign rulings: revocations, exceptions and what the catalog approves.

    Those are the people who sign policies. Needed once for a fleet that had policies before, again after `wb fleet
    policy root` named other people, and to let the server's own keys revoke models at once (`--urgent server`) or say
    what its catalog approved (`--catalog server`).
    """
    from weighbridge.fleet import ruling_signing
    from weighbridge.sync.rulings import CATALOG, URGENT

    said = {URGENT: urgent, CATALOG: catalog}
    wanted = {role: word == "server" for role, word in said.items() if word is not None}

    def job(connection: "Connection", now: int) -> bytes:
        return ruling_signing.delegate(connection, now, wanted)

    write_to_sign(screen, output, fleet.write(job))
    if urgent == "server":
        screen.say("! whoever takes this server over can then forbid models, and never allow one", "warning")
    if catalog == "server":
        screen.say(
            "! whoever takes this server over can then approve models, as far as policies let that count", "warning"
        )
    return Exit.WITHIN_POLICY
