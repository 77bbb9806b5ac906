"""`wb fleet policy diff`: what an uploaded policy would change."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, number_argument, with_fleet
from weighbridge.cli.screen import Screen

_SHOWN = 10


@click.command("diff", short_help="Show what an uploaded policy would change.")
@number_argument
@click.option("--against", type=click.IntRange(1), default=None, help="Another policy. [the one in force]")
@with_fleet
def command(screen: Screen, fleet: Fleet, number: int, against: int | None) -> int:
    """Weigh a grid of scenarios under the policy in force and under policy NUMBER; show whose verdict changes."""
    from weighbridge.fleet.policy_page import Scenario, changes_of

    found = fleet.read(lambda connection: changes_of(connection, number, against or 0))

    def show(title: str, count: int, cells: list[Scenario]) -> None:
        screen.data(f"\n{title} ({count:,})\n")
        for cell in cells[:_SHOWN]:
            when = " and ".join(f"{name} = {value}" for name, value in cell.setting.items())
            rules = f"   by {', '.join(cell.rules)}" if cell.rules else ""
            screen.data(f"  {cell.action} {cell.resource} by {cell.principal}{', when ' + when if when else ''}\n")
            screen.data(f"      {cell.before} → {cell.after}{rules}\n")
        if count > _SHOWN:
            screen.data(f"  … and {count - _SHOWN:,} more\n")

    screen.data(f"{found.before} → {found.after}: {found.weighed:,} scenarios weighed\n")
    if found.allowed:
        show("Newly allowed", found.allowed, found.newly_allowed)
    if found.denied:
        show("Newly denied or held", found.denied, found.newly_denied)
    if not found.allowed and not found.denied:
        screen.data("nothing is newly allowed, denied or held\n")
    for title, names in (
        ("added", found.rules_added),
        ("removed", found.rules_removed),
        ("changed", found.rules_changed),
    ):
        if names:
            screen.data(f"\nRules {title}: {', '.join(names)}\n")
    return Exit.WITHIN_POLICY
