"""`wb fleet policy publish`: publish what enough people signed, and roll it out."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import WHO, Fleet, read_signed, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.policy_rings import Rollout


@click.command("publish", short_help="Publish what enough people signed, and roll it out.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--ring",
    "rings",
    multiple=True,
    metavar="PERCENT[:HOURS][:GROUP|LABEL=VALUE,...]",
    help="A ring; [5:24 25:24 100:0]",
)
@click.option("--budget", type=click.IntRange(0, 100), help="Percent in trouble. [2]")
@with_fleet
def command(screen: Screen, fleet: Fleet, files: tuple[str, ...], rings: tuple[str, ...], budget: int | None) -> int:
    """Publish the policy in FILE, or take the root, revocations, exceptions or delegation in it.

    Copies that people signed apart are put together.

    Endpoints get it ring by ring. The server halts by itself where more than --budget percent of the endpoints so far
    deny more models than before, or could not take it. Without --ring and --budget it is as the fleet's settings say.
    """
    from weighbridge.fleet import (
        audit,
        fleet_settings,
        policy_repository,
        policy_rings,
        policy_versions,
        ruling_signing,
    )
    from weighbridge.sync.policy_metadata import described, merged

    content = merged([read_signed(file) for file in files])
    if described(content).kind == "root":

        def take(connection: "Connection", now: int) -> str:
            said = policy_repository.add_root(connection, now, content)
            audit.note(connection, now, None, "policy.root", said)
            return said

        screen.say(f"✓ {fleet.write(take)}", "success")
        screen.say("· devices that enroll from now on trust these people, and nobody else", "muted")
        return Exit.WITHIN_POLICY
    if taken := fleet.write(lambda connection, now: ruling_signing.take(connection, now, None, content)):
        screen.say(f"✓ {taken}", "success")
        return Exit.WITHIN_POLICY
    usual = fleet.read(fleet_settings.current)
    wanted = policy_rings.rings_of(" ".join(rings)) or usual.rings
    most = usual.ring_budget if budget is None else budget

    def publish(connection: "Connection", now: int) -> "Rollout":
        done = policy_versions.publish(connection, now, WHO, content)
        audit.note(connection, now, None, "policy.publish", str(done.number), {"title": done.title})
        return policy_rings.begin(connection, now, WHO, done.number, wanted, most)

    rollout = fleet.write(publish)
    first = policy_rings.ring_words(rollout.rings[0])
    screen.say(f"✓ policy {rollout.number} is published; first in line: {first}", "success")
    return Exit.WITHIN_POLICY
