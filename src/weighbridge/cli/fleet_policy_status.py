"""`wb fleet policy status`: which policy is in force where, and how far the newest is."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.fleet.policy_page import PolicyStatus

_SHOWN = 10


@click.command("status", short_help="Show which policy is in force where, and how far the newest is.")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, format_name: str) -> int:
    """Show whose signatures count, the policies, the roll-out of the newest, and what endpoints say."""
    import msgspec

    from weighbridge.fleet.policy_page import status

    found = fleet.read(status)
    if format_name == "json":
        screen.data(json.dumps(msgspec.to_builtins(found), indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for line in _lines(found)))
    return Exit.WITHIN_POLICY


def _lines(found: "PolicyStatus") -> Iterator[str]:
    from weighbridge.fleet.policy_rings import ring_words
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted
    from weighbridge.sync.policy_updates import held_words

    yield f"signers    {found.signers or 'nobody yet: wb fleet policy root'}"
    for one in found.versions[:_SHOWN]:
        state = "published" if one.published_at is not None else "uploaded"
        again = f", policy {one.again_of} again" if one.again_of else ""
        yield f"policy {one.number:<4}{state}  {visible(one.title, 60)}, {one.mode}{again}"
    if found.rollout is not None:
        yield f"roll-out   policy {found.rollout.number} {visible(found.how_far, 400)}"
        width = max(len(visible(ring_words(one.ring), 60)) for one in found.rings)
        for index, ring in enumerate(found.rings):
            mark = "✓" if index <= found.rollout.ring else "·"
            trouble = f", {ring.troubled} in trouble" if ring.troubled else ""
            who = visible(ring_words(ring.ring), 60)
            yield f"  {mark} {who:<{width}}  {ring.have:,} of {counted(ring.endpoints, 'endpoint')}{trouble}"
    for held in found.held:
        yield f"endpoints  {held.endpoints:,} with {held_words(held.said)}"
