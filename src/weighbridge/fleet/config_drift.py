"""What was changed by hand since files were applied: as they said it, and as it is now. Secrets are not compared."""

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, config_applied, endpoints
from weighbridge.fleet.config_applied import Applied
from weighbridge.fleet.config_endpoints import SECTION as ENDPOINTS
from weighbridge.fleet.config_plan import FieldChange, Named, differences
from weighbridge.fleet.config_registry import SECTIONS


class Drifted(Struct, frozen=True, kw_only=True):
    """One item that is not as its file said."""

    section: str
    item: str
    source: str
    """File and line."""
    applied_at: int
    """Milliseconds since 1970, UTC."""
    applied_by: str
    is_gone: bool
    fields: list[FieldChange]
    """`before`: as the file said; `after`: as it is."""
    changed_by: str
    """Who changed it last by what the trail says; empty if it does not say."""
    changed_at: int | None


class Managed(Struct, frozen=True, kw_only=True):
    """How much of a section files manage."""

    section: str
    about: str
    managed: int
    by_hand: int
    """Items that no file names."""


class Drift(Struct, frozen=True, kw_only=True):
    """How far the fleet is from what files said."""

    applied_at: int | None
    """When files were applied last; None: never."""
    applied_by: str
    drifted: list[Drifted]
    sections: list[Managed]
    by_hand: list[Named]
    """Items that no file names; the first `MOST`."""
    names: dict[str, str]
    """What the endpoints call themselves that are among these items, by id."""


MOST = 200


def drift(connection: Connection) -> Drift:
    """Return how far the fleet is from what files said when they were applied last."""
    applied = config_applied.every(connection)
    last = max(applied, key=lambda one: one.applied_at, default=None)
    drifted: list[Drifted] = []
    sections: list[Managed] = []
    by_hand: list[Named] = []
    for section in SECTIONS.values():
        of_section = {one.item: one for one in applied if one.section == section.name}
        there = section.read(connection)
        for one in of_section.values():
            held = there.get(one.item)
            # From what the file said to what is: the other way round than a plan.
            now = {} if held is None else {name: held.get(name) for name in one.body}
            fields = differences(one.body, now)
            if held is None or fields:
                drifted.append(_drifted(connection, one, fields, is_gone=held is None))
        free = [key for key, body in there.items() if key not in of_section and section.counts(body)]
        by_hand += [Named(section=section.name, item=key) for key in free]
        sections.append(Managed(section=section.name, about=section.about, managed=len(of_section), by_hand=len(free)))
    listed = [(one.section, one.item) for one in drifted] + [(one.section, one.item) for one in by_hand[:MOST]]
    return Drift(
        applied_at=None if last is None else last.applied_at,
        applied_by="" if last is None else last.applied_by,
        drifted=drifted,
        sections=sections,
        by_hand=by_hand[:MOST],
        names=endpoints.names(connection, [item for section, item in listed if section == ENDPOINTS.name]),
    )


def _drifted(connection: Connection, one: Applied, fields: list[FieldChange], *, is_gone: bool) -> Drifted:
    entry = audit.last_about(connection, one.item, one.applied_at)
    return Drifted(
        section=one.section,
        item=one.item,
        source=one.source,
        applied_at=one.applied_at,
        applied_by=one.applied_by,
        is_gone=is_gone,
        fields=fields,
        changed_by="" if entry is None else entry.account_name or "the server's machine",
        changed_at=None if entry is None else entry.at,
    )
