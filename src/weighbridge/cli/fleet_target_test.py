"""`wb fleet target test`: ask a target now whether it takes what is sent there."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import named, target_argument
from weighbridge.cli.screen import Screen


@click.command("test", short_help="Ask a target now whether it takes what is sent there.")
@target_argument
@with_fleet
def command(screen: Screen, fleet: Fleet, target: str) -> int:
    """Send TARGET one event that says that it is a test; a tracker is only asked who we are. The exit code is 1 if not.

    It is sent from here and now, by the networks that this machine's settings let exports reach.
    """
    import asyncio

    from weighbridge.fleet import audit, export_targets
    from weighbridge.fleet.export_test import test_target
    from weighbridge.fleet.problem import not_found
    from weighbridge.host.outgoing import Dialer
    from weighbridge.host.outgoing_http import Poster
    from weighbridge.report.escape import visible

    one = fleet.read(lambda connection: named(connection, target))
    destination = fleet.read(lambda connection: export_targets.destination_of(connection, one))
    if destination is None:
        raise not_found("target")
    fleet.write(lambda connection, now: audit.note(connection, now, None, "export.test", one.target_id))
    poster = Poster(Dialer(fleet.settings.export_networks))
    found = asyncio.run(test_target(one, destination, poster, fleet.now))
    word = "success" if found.taken else "error"
    screen.say(f"{'✓' if found.taken else '✗'} {visible(one.name, 60)}   {visible(found.said, 300)}", word)
    return Exit.WITHIN_POLICY if found.taken else Exit.FAILED
