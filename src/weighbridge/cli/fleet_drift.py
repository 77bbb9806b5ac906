"""`wb fleet drift`: what differs between configuration files and the fleet."""

import json

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_config import lines_of, read_folder, work_of
from weighbridge.cli.fleet_store import Fleet, format_option, with_fleet
from weighbridge.cli.screen import Screen


@click.command("drift", short_help="Show what differs between configuration files and the fleet.")
@click.argument("folder", metavar="DIR|FILE")
@format_option
@with_fleet
def command(screen: Screen, fleet: Fleet, folder: str, format_name: str) -> int:
    """Show how the fleet differs from the files in DIR: what applying them would change, and what no file names.

    The exit code is 20 if applying them would change something, so that a job can watch it.
    """
    import msgspec

    from weighbridge.fleet.config_plan import plan
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted

    files, work = read_folder(folder), work_of(folder, fleet.now)
    made = fleet.read(lambda connection: plan(connection, work, files))
    if format_name == "json":
        screen.data(json.dumps(msgspec.to_builtins(made), indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for line in lines_of(made)))
        screen.data("".join(f"? {one.section}  {visible(one.item, 120)}\n" for one in made.only_here))
    if made.changes:
        screen.say(
            f"! {counted(len(made.changes), 'difference')}; `wb fleet apply` makes the fleet be as they say", "warning"
        )
        return Exit.WARN
    screen.say(f"✓ as the files say: {counted(made.same, 'item')}", "success")
    return Exit.WITHIN_POLICY
