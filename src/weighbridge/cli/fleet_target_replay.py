"""`wb fleet target replay`: send everything again."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import moment_of, named, target_argument
from weighbridge.cli.screen import Screen


@click.command("replay", short_help="Send a target everything again from a date.")
@target_argument
@click.argument("since", metavar="DATE")
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str, since: str) -> int:
    """Send TARGET everything again that was told since DATE. Events have the ids that they had."""
    from weighbridge.fleet import export_changes
    from weighbridge.report.words import counted

    one = fleet.read(lambda connection: named(connection, target))
    at = moment_of(since, fleet.now)
    rows = fleet.write(lambda c, now: export_changes.replay(c, now, None, one.target_id, at))
    screen.say(f"✓ {counted(rows, 'row')} will be sent to {one.name} again", "success")
    return Exit.WITHIN_POLICY
