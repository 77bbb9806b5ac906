"""`wb fleet export-config`: write what the fleet keeps to as configuration files."""

import os

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("export-config", short_help="Write what the fleet keeps to as configuration files.")
@click.argument("target", metavar="DIR|FILE")
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Write settings, groups, enrollment, business context, targets and accounts to DIR, a file each, or to one FILE.

    A name that ends in .yaml is a file, `-` is the screen. No secret is written: where one is needed, the file names a
    variable that should hold it.
    """
    from weighbridge.fleet.config_export import export, whole
    from weighbridge.report.words import counted

    files = fleet.read(export)
    if target == "-":
        screen.data(whole(files))
        return Exit.WITHIN_POLICY
    if target.endswith((".yaml", ".yml")):
        screen.write_file(os.path.abspath(target), whole(files))
        screen.say(f"✓ written  {target}", "success")
        return Exit.WITHIN_POLICY
    try:
        os.makedirs(target, exist_ok=True)
    except OSError as error:
        raise WeighbridgeError(
            "E-output-failed",
            f"cannot make {target}: {error.strerror or error}",
            "choose a folder that you may write to",
            exit_code=1,
        ) from error
    for name, text in files.items():
        screen.write_file(os.path.join(os.path.abspath(target), name), text)
    screen.say(f"✓ written  {target}   ({counted(len(files), 'file')})", "success")
    return Exit.WITHIN_POLICY
