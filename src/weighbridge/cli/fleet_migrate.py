"""`wb fleet migrate`: bring the database's tables to this version, or back to an older one."""

import click

from weighbridge.cli.asking import agreed
from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of


@click.command("migrate", short_help="Bring the database's tables to this version, or back.")
@click.option("--to", "wanted", metavar="REVISION", help="Go to this revision, also backwards; the newest by default.")
@click.option("--yes", is_flag=True, help="Do not ask before going back, which removes what newer tables hold.")
@database_option
@config_option
@click.pass_obj
def command(screen: Screen, wanted: str | None, yes: bool, database: str | None, config: str | None) -> int:
    """Bring the tables of the database to what this version of Weighbridge expects, or with --to back.

    `wb serve` goes forward by itself. Before an older version is installed again, go back with the newer one; make a
    backup first. All of a change happens, or nothing.
    """
    require_server()
    from weighbridge.fleet.migrate import migrate, names, revision
    from weighbridge.fleet.opening import database_url, hold_file
    from weighbridge.fleet.store import Store
    from weighbridge.host.real import RealMachine

    machine = RealMachine()
    settings = settings_of(config, {"database": database, "without_tls": True})
    url = database_url(settings, machine.state_folder)
    lock = hold_file(url)
    try:
        store = Store.open(url)
        try:
            before = revision(store)
            known = names()
            back = wanted in known and before in known and known.index(wanted) < known.index(before)
            if back and not yes and not agreed(f"Go back from {before} to {wanted} and lose what newer tables hold?"):
                raise click.Abort
            steps = migrate(store, wanted)
            after = revision(store)
        finally:
            store.close()
    finally:
        if lock is not None:
            lock.close()
    screen.say(f"✓ {after or 'empty'}   ({len(steps)} steps)" if steps else f"✓ {after} already", "success")
    return Exit.WITHIN_POLICY
