"""`wb fleet target resume`: go on sending."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("resume", short_help="Go on sending to a target, and try at once.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Go on sending to TARGET where it was, and try at once if it failed."""
    from weighbridge.fleet import export_changes

    one = fleet.read(lambda connection: named(connection, target))
    fleet.write(lambda c, now: export_changes.pause(c, now, None, one.target_id, paused=False))
    screen.say(f"✓ goes on  {one.name}", "success")
    return Exit.WITHIN_POLICY
