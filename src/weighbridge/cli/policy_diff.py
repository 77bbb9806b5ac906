"""`wb policy diff`: what would change from one policy to another."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from weighbridge.cli.policy_source import read
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.policy.difference import Cell, Difference


@click.command("diff", short_help="Show what would change from one policy to another.")
@click.argument("before")
@click.argument("after")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Show every scenario, not one for each change of rules.")
@click.pass_obj
def command(screen: Screen, before: str, after: str, format_name: str, everything: bool) -> int:
    """Weigh a grid of scenarios under BEFORE and AFTER and show the cells whose verdict changes.

    What is newly allowed comes first. Rules and settings that differ are listed too.
    """
    from weighbridge.policy.difference import difference

    old, new = read(before), read(after)
    found = difference(old, new)
    if format_name == "json":
        screen.data(json.dumps(_document(old.title, new.title, found), indent=2) + "\n")
    else:
        screen.data("\n".join(_text(old.title, new.title, found, everything=everything)) + "\n")
    return 0


def _text(before: str, after: str, found: "Difference", *, everything: bool) -> Iterator[str]:
    yield f"{before} → {after}: {len(found.cells)} of {found.weighed} scenarios change"
    allowed, denied = found.newly_allowed, found.newly_denied
    other = [cell for cell in found.cells if cell not in allowed and cell not in denied]
    kinds: tuple[tuple[str, Sequence[Cell]], ...] = (
        ("Newly allowed", allowed),
        ("Newly denied or held", denied),
        ("Changed otherwise", other),
    )
    for title, cells in kinds:
        if not cells:
            continue
        yield f"\n{title} ({len(cells)})"
        yield from _cells(cells, everything=everything)
    for title, names in (
        ("Rules added", found.rules_added),
        ("Rules removed", found.rules_removed),
        ("Rules changed", found.rules_changed),
    ):
        if names:
            yield f"\n{title}: {', '.join(names)}"
    if found.settings:
        yield "\nSettings"
        yield from (f"  {key}: {old} → {new}" for key, old, new in found.settings)
    if found.cut:
        yield "\nThe grid was larger than what was weighed: a rule asks for very many combinations."


def _cells(cells: Sequence["Cell"], *, everything: bool) -> Iterator[str]:
    """Yield scenarios in groups of one cause; of each group the simplest, or all."""
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        change = f"{cell.before.decision} → {cell.after.decision}"
        groups.setdefault((change, ", ".join(_deciding(cell))), []).append(cell)
    for (change, rules), group in groups.items():
        count = f"{len(group)} scenarios" if len(group) > 1 else "1 scenario"
        yield f"  {change}  by {rules} ({count})"
        for cell in group if everything else group[:1]:
            yield f"      {sentence(cell)}"


def sentence(cell: "Cell") -> str:
    """Return a scenario in words: `load Artifact by User, when assessment = review`."""
    from weighbridge.policy.weigh import shown

    setting = " and ".join(f"{name} = {shown(value)}" for name, value in cell.setting)
    return f"{cell.action} {cell.resource} by {cell.principal}" + (f", when {setting}" if setting else "")


def _deciding(cell: "Cell") -> list[str]:
    """Return the rules behind the change: the new verdict's own, or those that no longer hold."""
    after = [rule.id for rule in cell.after.rules if rule.decision is cell.after.by_rules]
    if not cell.loosened:
        return after
    still = {rule.id for rule in cell.after.rules}
    gone = [rule.id for rule in cell.before.rules if rule.id not in still]
    return [f"{name} (no longer)" for name in gone] or after


def _document(before: str, after: str, found: "Difference") -> dict[str, object]:
    return {
        "schema": "weighbridge.policy-diff/1",
        "before": before,
        "after": after,
        "weighed": found.weighed,
        "complete": not found.cut,
        "newly_allowed": [_cell(cell) for cell in found.newly_allowed],
        "newly_denied": [_cell(cell) for cell in found.newly_denied],
        "cells": [_cell(cell) for cell in found.cells],
        "rules_added": list(found.rules_added),
        "rules_removed": list(found.rules_removed),
        "rules_changed": list(found.rules_changed),
        "settings": [{"key": key, "before": old, "after": new} for key, old, new in found.settings],
    }


def _cell(cell: "Cell") -> dict[str, object]:
    return {
        "action": cell.action,
        "principal": cell.principal,
        "resource": cell.resource,
        "setting": dict(cell.setting),
        "before": cell.before.decision.value,
        "after": cell.after.decision.value,
        "policies": [rule.id for rule in cell.after.rules],
    }
