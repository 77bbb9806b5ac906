"""`wb fleet apply`: make the fleet be as configuration files say."""

import json

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_config import lines_of, read_folder, work_of
from weighbridge.cli.fleet_store import Fleet, format_option, with_fleet
from weighbridge.cli.screen import Screen


@click.command("apply", short_help="Make the fleet be as configuration files say.")
@click.argument("folder", metavar="DIR|FILE")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--prune", is_flag=True, help="Also remove what the sections of the files do not name.")
@format_option
@with_fleet
def command(screen: Screen, fleet: Fleet, folder: str, dry_run: bool, prune: bool, format_name: str) -> int:
    """Show what the files in DIR change (+ added, ~ changed, - removed), then do it: all of it, or nothing.

    Files say settings, groups and their rules, enrollment, owners, labels and classes of data, targets of exports,
    roles. `wb fleet export-config` writes them. A second time nothing changes. Secrets stand in no file: files name a
    variable or another file that holds them.
    """
    import msgspec

    from weighbridge.fleet.config_apply import apply
    from weighbridge.fleet.config_plan import plan
    from weighbridge.report.words import counted

    files, work = read_folder(folder), work_of(folder, fleet.now)
    if dry_run:
        made = fleet.read(lambda connection: plan(connection, work, files, prune=prune))
    else:
        made = fleet.write(lambda connection, _now: apply(connection, work, files, prune=prune))
    if format_name == "json":
        screen.data(json.dumps(msgspec.to_builtins(made), indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for line in lines_of(made)))
    if made.only_here:
        some = ", ".join(sorted({one.section for one in made.only_here}))
        screen.say(
            f"· {counted(len(made.only_here), 'item')} that no file names ({some}); --prune removes them", "muted"
        )
    changes = counted(len(made.changes), "change") if made.changes else "no change"
    word = "would be applied" if dry_run else "applied"
    screen.say(
        f"{'·' if dry_run else '✓'} {changes} {word}, {made.same:,} as they were", None if dry_run else "success"
    )
    return Exit.WITHIN_POLICY
