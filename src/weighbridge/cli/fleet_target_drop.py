"""`wb fleet target drop`: give up what was refused."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("drop", short_help="Give up what a target refused.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Give up what TARGET refused: it is not sent again, except by a replay."""
    from weighbridge.fleet import export_changes
    from weighbridge.report.words import counted

    one = fleet.read(lambda connection: named(connection, target))
    rows = fleet.write(lambda c, now: export_changes.drop_letters(c, now, None, one.target_id))
    screen.say(f"✓ {counted(rows, 'row')} that {one.name} refused given up", "success")
    return Exit.WITHIN_POLICY
