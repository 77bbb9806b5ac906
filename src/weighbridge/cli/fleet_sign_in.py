"""`wb fleet sign-in`: make a link that lets an account in, once."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of
from weighbridge.model.errors import WeighbridgeError


@click.command("sign-in", short_help="Make a link that lets an account in, once.")
@click.argument("name", default="administrator")
@database_option
@click.option("--url", metavar="ORIGIN", help="How the server is reached, as `wb serve` was told.")
@click.option("--listen", metavar="HOST:PORT", help="Where the server listens, as `wb serve` was told.")
@config_option
@click.pass_obj
def command(
    screen: Screen, name: str, database: str | None, url: str | None, listen: str | None, config: str | None
) -> int:
    """Print a link that lets the account NAME in, once, within a day: for who lost a password.

    Whoever uses it can set a new password without knowing the old one. The audit trail shows that a link was made.
    """
    require_server()
    from sqlalchemy import Connection

    from weighbridge.fleet import accounts, audit, links
    from weighbridge.fleet.opening import database_url
    from weighbridge.fleet.store import Store
    from weighbridge.host.real import RealMachine

    machine = RealMachine()
    flags = {"database": database, "url": url, "listen": listen, "without_tls": True}
    settings = settings_of(config, flags)
    now = int(machine.now().timestamp() * 1000)

    def job(connection: Connection) -> str:
        account = accounts.by_name(connection, accounts.clean_name(name))
        if account is None or account.disabled_at is not None:
            known = ", ".join(one.name for one in accounts.every(connection) if one.disabled_at is None)
            raise WeighbridgeError(
                "E-account", f"there is no account {name} that may sign in", f"accounts here: {known or 'none'}"
            )
        audit.note(connection, now, None, "account.link", account.account_id)
        return links.make(connection, now, account.account_id)

    store = Store.open(database_url(settings, machine.state_folder))
    try:
        secret = store.write_now(job)
    finally:
        store.close()
    screen.data(f"{settings.origin}/sign-in/{secret}\n")
    return Exit.WITHIN_POLICY
