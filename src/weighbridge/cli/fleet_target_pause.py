"""`wb fleet target pause`: stop sending."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("pause", short_help="Stop sending to a target.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Stop sending to TARGET. What is told meanwhile is sent when it goes on, as far back as is kept."""
    from weighbridge.fleet import export_changes

    one = fleet.read(lambda connection: named(connection, target))
    fleet.write(lambda c, now: export_changes.pause(c, now, None, one.target_id, paused=True))
    screen.say(f"✓ paused  {one.name}", "success")
    return Exit.WITHIN_POLICY
