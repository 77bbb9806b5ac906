"""`wb fleet backup`: write a backup of the database while it is served."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of


@click.command("backup", short_help="Write a backup of the database while it is served.")
@click.argument("file")
@database_option
@config_option
@click.pass_obj
def command(screen: Screen, file: str, database: str | None, config: str | None) -> int:
    """Write a backup of the server's database file to FILE: whole, of one instant, checked.

    The server may go on meanwhile. A PostgreSQL database is backed up with PostgreSQL's own tools.
    """
    require_server()
    from weighbridge.fleet.backup import back_up
    from weighbridge.fleet.opening import database_url
    from weighbridge.host.real import RealMachine
    from weighbridge.report.words import size

    machine = RealMachine()
    settings = settings_of(config, {"database": database})
    written = back_up(database_url(settings, machine.state_folder), file)
    screen.say(f"✓ backup  {file}   ({size(written)})", "success")
    return Exit.WITHIN_POLICY
