"""`wb fleet token`: make a token that lets devices into the fleet."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import config_option, database_option, require_server, settings_of
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.enrollment_routes import NewEnrollmentToken


@click.command("token", short_help="Make a token that lets devices into the fleet.")
@click.option("--group", default="", help="Where the devices go.")
@click.option("--uses", type=click.IntRange(1, 100_000), default=1, show_default=True, help="How many devices.")
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="How long it lasts.")
@click.option("--approval", is_flag=True, help="Each device waits until somebody approves it.")
@click.option("--note", default="", help="What it is for.")
@click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="What the devices are labeled.")
@click.option("--like", metavar="NAME", help="As this definition of the fleet's configuration says, and nothing else.")
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
    labels: tuple[str, ...],
    like: str | None,
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

    machine = RealMachine()
    settings = settings_of(config, {"database": database, "without_tls": True})
    now = int(machine.now().timestamp() * 1000)
    asked = {"group": group, "uses": uses, "days": days, "needs_approval": approval, "note": note}
    asked["labels"] = {name: value for name, _, value in (one.partition("=") for one in labels)}
    try:
        wanted = msgspec.convert(asked, NewEnrollmentToken)
    except msgspec.ValidationError as error:
        hint = "a group has at most 64 letters, digits, spaces, dots, dashes and underscores"
        raise WeighbridgeError("E-usage", f"this is no token: {error}", hint) from None
    store = Store.open(database_url(settings, machine.state_folder))
    try:
        if like is not None:
            wanted = store.read_now(lambda connection: _defined(connection, like))
        text = store.write_now(lambda connection: enrollment_routes.make(connection, now, None, wanted))
    finally:
        store.close()
    screen.data(f"{text}\n")
    screen.say(f"on the device: wb enroll {settings.origin} --token-file -", "hint")
    return Exit.WITHIN_POLICY


def _defined(connection: "Connection", name: str) -> "NewEnrollmentToken":
    from weighbridge.fleet import enrollment_definitions
    from weighbridge.fleet.definition_routes import wanted_of
    from weighbridge.policy.nearest import did_you_mean

    found = enrollment_definitions.by_name(connection, name)
    if found is None:
        names = [one.name for one in enrollment_definitions.every(connection)]
        hint = did_you_mean(name, names) if names else "`wb fleet apply` takes definitions from files"
        raise WeighbridgeError("E-token", f"no token is defined that is called {name}", hint)
    return wanted_of(found)
