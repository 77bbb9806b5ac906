"""`wb fleet policy replay`: what an uploaded policy would have said of what the fleet has."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, number_argument, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.fleet.policy_replay import Replay, Tally

_SHOWN = 10


@click.command("replay", short_help="Show what an uploaded policy would have said of what the fleet has.")
@number_argument
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How far to look back.")
@click.option("--against", type=click.IntRange(1), default=None, help="Another policy. [the one in force]")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(screen: Screen, fleet: Fleet, number: int, days: int, against: int | None, format_name: str) -> int:
    """Weigh every place of every model that the fleet had by policy NUMBER and by the one in force.

    Newly denied is what could go ahead and could not any more, with the machines and their owners.
    """
    import msgspec

    from weighbridge.fleet.policy_replay import replay

    found = fleet.read(lambda connection: replay(connection, number, fleet.now, days=days, against=against or 0))
    if format_name == "json":
        screen.data(json.dumps(msgspec.to_builtins(found), indent=2) + "\n")
    else:
        screen.data("".join(f"{line}\n" for line in _lines(found)))
    return Exit.WITHIN_POLICY


def _lines(found: "Replay") -> Iterator[str]:
    from weighbridge.report.words import counted

    situations = counted(found.situations, "different situation")
    yield f"policy {found.against} → policy {found.number}, within {counted(found.days, 'day')}"
    yield f"{found.places:,} places of models weighed, {situations}"
    yield from _tally("Newly denied or held", found.newly_denied)
    yield from _tally("Newly allowed", found.newly_allowed)
    if found.unknown:
        yield f"\nRules also ask for what the fleet does not know: {', '.join(found.unknown)}"


def _tally(title: str, tally: "Tally") -> Iterator[str]:
    from weighbridge.report.escape import visible
    from weighbridge.report.words import counted

    models, machines = counted(tally.artifacts, "model"), counted(tally.endpoints, "endpoint")
    yield f"\n{title}: {tally.places:,} places of {models} on {machines}"
    for rule, count in sorted(tally.rules.items(), key=lambda one: (-one[1], one[0])):
        yield f"  {count:>7,}  {rule}"
    for one in tally.examples[:_SHOWN]:
        whose = visible(one.endpoint or one.endpoint_id, 40) + (f" ({visible(one.owner, 40)})" if one.owner else "")
        yield f"  {one.before} → {one.after}  {one.sha256[:12]}  {whose}  {visible(one.path, 120)}"
