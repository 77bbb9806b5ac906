"""`wb fleet catalog`: what the catalog approved, and what people sign so that endpoints let it count."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, format_option, with_fleet
from weighbridge.cli.screen import Screen


@click.command("catalog", short_help="Show what endpoints may use by the catalog; write what people sign of it.")
@click.option("--sign", "output", metavar="FILE", help="Write what people sign now, and what it says beside it.")
@format_option
@with_fleet
def command(screen: Screen, fleet: Fleet, output: str | None, format_name: str) -> int:
    """Show what the catalog approved as endpoints are told of it, and how far people are with signing that.

    --sign writes it, `wb fleet policy sign` signs it where the keys are, and `wb fleet policy publish` gives it to
    every endpoint with its next message. After `wb fleet policy delegate --catalog server` the server does so by
    itself. Releases in closed namespaces are listed without their names.
    """
    from weighbridge.cli.fleet_ruling_text import approval_line
    from weighbridge.cli.fleet_ruling_words import as_json, role_lines, write_ruling
    from weighbridge.hub.catalog_signing import overview, to_sign
    from weighbridge.report.words import counted

    if output is not None:
        write_ruling(screen, fleet.write(to_sign), output)
    found = fleet.read(lambda connection: overview(connection, fleet.now))
    left_out = f"! {counted(found.left_out, 'release has', 'releases have')} no room in the text, the oldest ones"
    if found.left_out:
        screen.say(left_out, "warning")
    if output is not None:
        return Exit.WITHIN_POLICY
    if format_name == "json":
        as_json(screen, found)
        return Exit.WITHIN_POLICY
    for one in found.approved:
        screen.data(f"{approval_line(one)}\n")
    if not found.approved:
        screen.data("nothing is approved in the catalog\n")
    roles = [] if found.role is None else [found.role]
    screen.data("".join(f"{line}\n" for line in role_lines(roles)))
    if roles and found.waiting:
        waits = counted(found.waiting, "release is", "releases are")
        screen.data(f"           {waits} not as the catalog says: wb fleet catalog --sign FILE\n")
    return Exit.WITHIN_POLICY
