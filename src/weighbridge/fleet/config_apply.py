"""Files become what the fleet keeps to: in one transaction, all of it or nothing, with every change on the trail."""

from sqlalchemy import Connection

from weighbridge.fleet import audit, config_applied
from weighbridge.fleet.config_applied import Applied
from weighbridge.fleet.config_files import Files
from weighbridge.fleet.config_plan import ORDER, Plan, plan
from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.fleet.config_section import Work
from weighbridge.model.errors import WeighbridgeError


def apply(connection: Connection, work: Work, files: Files, *, prune: bool = False) -> Plan:
    """Make everything be as files say; return what that changed. A second time it changes nothing.

    Args:
        connection: of a write.
        work: who does it, and how secrets are found.
        files: what is wanted.
        prune: whether items go that the sections of the files do not name.

    Raises:
        WeighbridgeError: what an item says cannot be; the message names file and line.
    """
    made = plan(connection, work, files, prune=prune)
    items = {(item.section.name, item.key): item for item in files.items}
    for change in made.changes:
        section = SECTIONS[change.section]
        if change.item == ORDER and section.order is not None:
            section.order(connection, work, [item.key for item in files.items if item.section is section])
        elif change.action == "remove":
            section.remove(connection, work, change.item)
        else:
            item = items[change.section, change.item]
            try:
                section.write(connection, work, item.value)
            except WeighbridgeError as error:
                raise WeighbridgeError(error.code, f"{item.source}: {error.message}", error.hint) from None
        detail = {"fields": {one.name: one.after for one in change.fields}, "source": change.source}
        audit.note(connection, work.now, work.who, f"config.{change.action}", f"{change.section} {change.item}", detail)
    for name in {change.section for change in made.changes}:
        SECTIONS[name].finish(connection, work)
    _remember(connection, work, files, made)
    said = {"changed": len(made.changes), "same": made.same, "files": sorted(files.sections), "pruned": prune}
    audit.note(connection, work.now, work.who, "config.apply", "", said)
    return made


def _remember(connection: Connection, work: Work, files: Files, made: Plan) -> None:
    passed = {note.partition(": ")[0] for note in made.notes}
    who = work.who.name if work.who else ""
    held = [
        Applied(item.section.name, item.key, item.section.body(item.value), item.source[-255:], work.now, who)
        for item in files.items
        if item.source not in passed
    ]
    config_applied.remember(connection, files.sections, held)
