"""`wb fleet token`: make a token that lets devices into the fleet."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of


@click.command("token", short_help="Make a token that lets devices into the fleet.")
@click.option("--group", default="", help="Where the devices go.")
@click.option("--uses", type=click.IntRange(1, 100_000), default=1, show_default=True, help="How many devices.")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How long it lasts.")
@click.option("--approval", is_flag=True, help="Each device waits until somebody approves it.")
@click.option("--note", default="", help="What it is for.")
@database_option
@config_option
@click.pass_obj
def command(
    screen: Screen,
    group: str,
    uses: int,
    days: int,
    approval: bool,
    note: str,
    database: str | None,
    config: str | None,
) -> int:
    """Print a token for `wb enroll`, once: the server keeps only its hash."""
    require_server()
    import msgspec

    from weighbridge.fleet import enrollment_routes
    from weighbridge.fleet.enrollment_routes import NewEnrollmentToken
    from weighbridge.fleet.opening import database_url
    from weighbridge.fleet.store import Store
    from weighbridge.host.real import RealMachine
    from weighbridge.model.errors import WeighbridgeError

    machine = RealMachine()
    settings = settings_of(machine, config, {"database": database, "without_tls": True})
    now = int(machine.now().timestamp() * 1000)
    asked = {"group": group, "uses": uses, "days": days, "needs_approval": approval, "note": note}
    try:
        wanted = msgspec.convert(asked, NewEnrollmentToken)
    except msgspec.ValidationError as error:
        hint = "a group has at most 64 letters, digits, spaces, dots, dashes and underscores"
        raise WeighbridgeError("E-usage", f"this is no token: {error}", hint) from None
    store = Store.open(database_url(settings, machine.state_folder))
    try:
        text = store.write_now(lambda connection: enrollment_routes.make(connection, now, None, wanted))
    finally:
        store.close()
    screen.data(f"{text}\n")
    screen.say(f"on the device: wb enroll {settings.origin} --token-file -", "hint")
    return Exit.WITHIN_POLICY
