"""`wb fleet target remove`: remove a target."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("remove", short_help="Remove a target with its secret.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Remove TARGET with its secret, what it refused, and what is known of its tickets."""
    from weighbridge.fleet import export_changes

    one = fleet.read(lambda connection: named(connection, target))
    fleet.write(lambda c, now: export_changes.remove(c, now, None, one.target_id))
    screen.say(f"✓ removed  {one.name}", "success")
    return Exit.WITHIN_POLICY
