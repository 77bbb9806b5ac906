"""What applying files would change: a comparison of items, without a secret in it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.config_files import Files, Item
from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.config_section import Body, Section, Work

HIDDEN = "(not shown)"
ORDER = "(order)"
Action = Literal["add", "change", "remove"]


class FieldChange(Struct, frozen=True, kw_only=True):
    """One value that differs."""

    name: str
    before: Any
    """None where there is nothing."""
    after: Any


class Change(Struct, frozen=True, kw_only=True):
    """What happens to one item."""

    action: Action
    section: str
    item: str
    fields: list[FieldChange]
    source: str
    """File and line; empty where no file names the item."""


class Named(Struct, frozen=True, kw_only=True):
    """An item."""

    section: str
    item: str


class Plan(Struct, frozen=True, kw_only=True):
    """Everything that applying files would do, in its order."""

    changes: list[Change]
    same: int
    """Items that are as the files say already."""
    only_here: list[Named]
    """Items of the files' sections that no file names, and that stay."""
    notes: list[str]
    """What is passed over, and why."""


def plan(connection: Connection, work: Work, files: Files, *, prune: bool = False) -> Plan:
    """Return what applying files would do.

    Args:
        connection: to read with.
        work: who asks, and how secrets are found.
        files: what is wanted.
        prune: whether items go that the sections of the files do not name.

    Raises:
        WeighbridgeError: `E-config`.
    """
    changes: list[Change] = []
    only_here: list[Named] = []
    notes: list[str] = []
    same = 0
    for section in SECTIONS.values():
        if section.name not in files.sections:
            continue
        items = {item.key: item for item in files.items if item.section is section}
        there = section.read(connection)
        for item in items.values():
            held = there.get(item.key)
            if held is None and section.must_exist:
                notes.append(f"{item.source}: {item.key} {section.must_exist}")
                continue
            change = _change(connection, work, item, held)
            changes += [change] if change else []
            same += change is None
        left = [key for key, body in there.items() if key not in items and section.counts(body)]
        if prune:
            changes += [_removal(section, key, there[key]) for key in left]
        else:
            only_here += [Named(section=section.name, item=key) for key in left]
        changes += _order(section, [*items], [key for key in there if not prune or key in items])
    return Plan(changes=changes, same=same, only_here=only_here, notes=notes)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    """Return the values of `after` that are not those of `before`."""
    return [
        FieldChange(name=name, before=before.get(name), after=value)
        for name, value in after.items()
        if name not in before or before[name] != value
    ]


def _change(connection: Connection, work: Work, item: Item, held: Body | None) -> Change | None:
    body = item.section.body(item.value)
    fields = differences(held or {}, body)
    if held is not None:
        hidden = item.section.hidden(connection, work, item.value)
        fields += [FieldChange(name=name, before=HIDDEN, after=HIDDEN) for name in hidden]
        if not fields:
            return None
    action: Action = "add" if held is None else "change"
    return Change(action=action, section=item.section.name, item=item.key, fields=fields, source=item.source)


def _removal(section: Section, key: str, held: Body) -> Change:
    fields = [FieldChange(name=name, before=value, after=None) for name, value in held.items()]
    return Change(action="remove", section=section.name, item=key, fields=fields, source="")


def _order(section: Section, wanted: Sequence[str], there: Sequence[str]) -> list[Change]:
    if section.order is None:
        return []
    # What is new is written after what is there, and what no file names comes after what files name.
    comes = [*there, *(key for key in wanted if key not in there)]
    if comes == [*wanted, *(key for key in there if key not in wanted)]:
        return []
    fields = [FieldChange(name="order", before=comes, after=[*wanted])]
    return [Change(action="change", section=section.name, item=ORDER, fields=fields, source="")]
