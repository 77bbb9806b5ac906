"""`wb fleet target retry`: send what was refused again."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("retry", short_help="Send what a target refused again.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Send what TARGET refused again, and try it at once."""
    from weighbridge.fleet import export_changes
    from weighbridge.report.words import counted

    one = fleet.read(lambda connection: named(connection, target))
    rows = fleet.write(lambda c, now: export_changes.send_letters(c, now, None, one.target_id))
    screen.say(f"✓ {counted(rows, 'row')} that {one.name} refused will be sent again", "success")
    return Exit.WITHIN_POLICY
