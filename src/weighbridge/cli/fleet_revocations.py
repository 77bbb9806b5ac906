"""`wb fleet revocations`: what is revoked, and what people sign so that endpoints believe it."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen


@click.command("revocations", short_help="Show what is revoked; write what people sign of it.")
@click.option("--sign", "output", metavar="FILE", help="Write what people sign now, and what it says beside it.")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, output: str | None, format_name: str) -> int:
    """Show every revocation and how far it is.

    Endpoints believe what enough people signed: --sign writes it, `wb fleet policy sign` signs it where the keys are,
    and `wb fleet policy publish` gives it to every endpoint with its next message.
    """
    from weighbridge.cli.fleet_ruling_words import as_json, revocation_state, role_lines, write_ruling
    from weighbridge.fleet import ruling_signing
    from weighbridge.fleet.revocation_routes import overview
    from weighbridge.report.escape import visible
    from weighbridge.sync.rulings import REVOCATIONS

    if output is not None:
        made = fleet.write(lambda connection, now: ruling_signing.make(connection, now, REVOCATIONS))
        write_ruling(screen, made, output)
        return Exit.WITHIN_POLICY
    found = fleet.read(lambda connection: overview(connection, fleet.now))
    if format_name == "json":
        as_json(screen, found)
        return Exit.WITHIN_POLICY
    for one in found.revocations:
        instead = f"; use {visible(one.replacement, 60)}" if one.replacement else ""
        screen.data(f"{one.sha256}  {revocation_state(one)}\n  {visible(one.reason, 200)}{instead}\n")
    if not found.revocations:
        screen.data("nothing is revoked\n")
    screen.data("".join(f"{line}\n" for line in role_lines(found.roles)))
    return Exit.WITHIN_POLICY
