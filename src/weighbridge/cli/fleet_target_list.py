"""`wb fleet target list`: the targets and how far each is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, format_option, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.fleet.export_shown import ShownTarget

_SIGNS = {"sending": "✓", "failing": "!", "paused": "·"}


@click.command("list", short_help="Show the targets and how far each is.")
@format_option
@with_fleet
def command(screen: Screen, fleet: Fleet, format_name: str) -> int:
    """Show each target: whether it takes what it is sent, how far it is, and why not if it does not."""
    import msgspec

    from weighbridge.fleet import export_shown

    found = fleet.read(export_shown.listed)
    if format_name == "json":
        screen.data(json.dumps([msgspec.to_builtins(one) for one in found], indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for one in found for line in _lines(one)))
    if not found:
        screen.say("· none yet: `wb fleet target kinds` shows what there can be", "muted")
    return Exit.WITHIN_POLICY


def _lines(one: "ShownTarget") -> Iterator[str]:
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted

    where = f"{one.kind} {visible(one.address, 120)}"
    yield f"{_SIGNS[one.state]} {one.state:<8} {visible(one.name, 60)}   {where}   {one.target_id}"
    last = (
        "never"
        if one.last_sent_at is None
        else f"{datetime.fromtimestamp(one.last_sent_at / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    )
    parts = [f"sent {one.sent:,}, last {last}", f"{counted(one.behind, 'row')} behind"]
    if one.dead_letters:
        parts.append(f"{counted(one.dead_letters, 'row')} refused")
    if one.lost:
        parts.append(f"{counted(one.lost, 'row')} lost to retention")
    if one.digest_minutes:
        parts.append(f"one message in {one.digest_minutes:,} minutes")
    yield f"    {', '.join(one.topics)} from {one.severity} on; {'; '.join(parts)}"
    if one.error:
        yield f"    {visible(one.error, 300)} (try {one.attempts:,})"
