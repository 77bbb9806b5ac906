"""`wb fleet restore`: put a backup back, or tell that the database was put back."""

import click

from weighbridge.cli.asking import agreed
from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of


@click.command("restore", short_help="Put a backup back, or tell that the database was put back.")
@click.argument("file", required=False)
@database_option
@config_option
@click.option("--yes", is_flag=True, help="Do not ask before what is there is replaced.")
@click.pass_obj
def command(screen: Screen, file: str | None, database: str | None, config: str | None, yes: bool) -> int:
    """Put the backup FILE in the place of the server's database. Stop the server first.

    What was stored since the backup is gone from the database; endpoints notice at their next contact and send it
    again from their ledgers. Without FILE: the database was put back by other means, as PostgreSQL's, and only that is
    made known.
    """
    require_server()
    from weighbridge.fleet.backup import put_back
    from weighbridge.fleet.opening import database_url
    from weighbridge.host.real import RealMachine

    machine = RealMachine()
    settings = settings_of(config, {"database": database})
    url = database_url(settings, machine.state_folder)

    def confirm() -> None:
        if not yes and not agreed(f"Replace {url} by {file}?"):
            raise click.Abort

    put_back(url, file, int(machine.now().timestamp() * 1000), confirm)
    screen.say("✓ restored; endpoints send again what is missing", "success")
    return Exit.WITHIN_POLICY
