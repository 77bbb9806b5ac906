"""`wb fleet policy replay`: what an uploaded policy would have said of what the fleet had."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, number_argument, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.fleet.policy_replay import Replaying
    from weighbridge.fleet.replay_result import Replay, Share, Tally
    from weighbridge.model.events import Listener

_SHOWN = 10
_STAGE = "weighing the fleet"


@click.command("replay", short_help="Show what an uploaded policy would have said of what the fleet had.")
@number_argument
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How far to look back.")
@click.option("--against", type=click.IntRange(1), default=None, help="Another policy. [the one in force]")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, number: int, days: int, against: int | None, format_name: str) -> int:
    """Weigh all that the fleet had within the last days by policy NUMBER and by the one in force.

    Models at their places, processes with their weights, listeners, tool servers: what would have been stopped, on
    which machines, whose. Newly denied is what could go ahead and could not any more.
    """
    import msgspec

    from weighbridge.fleet.policy_replay import Replaying

    replaying = fleet.read(lambda connection: Replaying(connection, number, fleet.now, days=days, against=against or 0))
    with screen.progress() as progress:
        while fleet.read(replaying.step):
            _tell(progress.listener, replaying)
    found = fleet.read(replaying.result)
    if format_name == "json":
        screen.data(json.dumps(msgspec.to_builtins(found), indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for line in _lines(found)))
    return Exit.WITHIN_POLICY


def _tell(listener: "Listener", replaying: "Replaying") -> None:
    from weighbridge.model.events import Progress

    done, total = replaying.progress
    listener(Progress(stage=_STAGE, records_done=done, records_total=total, records_are="endpoint"))


def _lines(found: "Replay") -> Iterator[str]:
    from weighbridge.report.words import counted

    situations = counted(found.situations, "different situation")
    yield f"policy {found.against} → policy {found.number}, within {counted(found.days, 'day')}"
    yield f"{counted(found.things, 'thing')} weighed, {situations}"
    if found.actions:
        yield f"\n  {'':<18}{'weighed':>10}{'stopped':>10}{'before':>10}{'warned':>10}"
    for one in found.actions:
        what = f"{one.action} {one.resource}"
        yield f"  {what:<18}{one.weighed:>10,}{one.stopped:>10,}{one.stopped_before:>10,}{one.warned:>10,}"
    yield from _tally("Would be denied or held", found.flagged)
    yield from _tally("Newly denied or held", found.newly_denied)
    yield from _tally("Newly allowed", found.newly_allowed)
    if found.unknown:
        yield f"\nRules also ask for what the fleet does not know: {', '.join(found.unknown)}"


def _tally(title: str, tally: "Tally") -> Iterator[str]:
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted

    models, machines = counted(tally.artifacts, "model"), counted(tally.endpoints, "endpoint")
    yield f"\n{title}: {counted(tally.things, 'thing')}, {models}, {machines}"
    for rule, count in tally.rules.items():
        yield f"  {count:>7,}  {rule}"
    if tally.whose:
        yield f"  whose  {', '.join(map(_owner, tally.whose[:_SHOWN]))}"
    for one in tally.examples[:_SHOWN]:
        whose = visible(one.endpoint or one.endpoint_id, 40) + (f" ({visible(one.owner, 40)})" if one.owner else "")
        digest = f"{one.sha256[:12]}  " if one.sha256 else ""
        yield f"  {one.before} → {one.after}  {one.action}  {digest}{whose}  {visible(one.path, 120)}"


def _owner(share: "Share") -> str:
    from weighbridge.report.escape import visible

    return f"{visible(share.owner, 40) or 'nobody named'} {share.things:,}"
