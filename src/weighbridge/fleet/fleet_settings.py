"""Settings of the fleet itself: what all of its servers keep to, stored in the database and changed while they run.

How one server runs (addresses, TLS, the database) stands in `settings.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Column, Connection, String, Text, delete, select

from weighbridge.fleet.policy_rings import USUAL, USUAL_BUDGET, Ring, check_rings
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import did_you_mean

FLEET_SETTINGS = reference_table(
    "fleet_settings",
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    integer("changed_at", nullable=False),
)
Days = Annotated[int, Meta(ge=1, le=3_660)]


class FleetSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all servers of a fleet keep to."""

    records_days: Days | None = 190
    """How long records of endpoints are kept; null: for ever. What they led to (findings, sightings) stays.

    Half a year and a week by itself: Regulation (EU) 2024/1689, article 26(6), asks for six months at least.
    """
    processes_days: Days | None = 90
    """How long processes that ended are kept; null: for ever. They stay in the counts by day."""
    usage_days: Days | None = 1_096
    """How long the counts by day of what ran are kept; null: for ever."""
    findings_days: Days | None = 1_096
    """How long findings that ended are kept, with what was decided about them; null: for ever."""
    audit_days: Days | None = None
    """How long the audit trail is kept; null: for ever."""
    exports_days: Annotated[int, Meta(ge=1, le=366)] = 30
    """How far back a target can be sent everything anew."""
    silent_days: Annotated[int, Meta(ge=1, le=366)] = 14
    """After how long without a word an endpoint is a finding."""
    rings: Annotated[list[Ring], Meta(min_length=1, max_length=20)] = msgspec.field(default_factory=lambda: [*USUAL])
    """How a policy is rolled out unless somebody says otherwise."""
    ring_budget: Annotated[int, Meta(ge=0, le=100)] = USUAL_BUDGET
    """Percent of the endpoints of the rings so far that may run into trouble before a roll-out halts."""


ABOUT = {
    "records_days": "Days that records of endpoints are kept; empty: for ever.",
    "processes_days": "Days that processes are kept after they ended; empty: for ever.",
    "usage_days": "Days that the daily counts of what ran are kept; empty: for ever.",
    "findings_days": "Days that findings are kept after they ended, with what was decided; empty: for ever.",
    "audit_days": "Days that the audit trail is kept; empty: for ever.",
    "exports_days": "Days back that a target can be sent everything anew.",
    "silent_days": "Days without a word after which an endpoint is a finding.",
    "rings": "How a policy is rolled out unless somebody says otherwise.",
    "ring_budget": "Percent of endpoints in trouble at which a roll-out halts.",
}


def current(connection: Connection) -> FleetSettings:
    """Return what holds now."""
    rows = connection.execute(select(FLEET_SETTINGS.c.name, FLEET_SETTINGS.c.value))
    stored = {row.name: msgspec.json.decode(row.value) for row in rows}
    known = {name: value for name, value in stored.items() if name in FleetSettings.__struct_fields__}
    return msgspec.convert(known, FleetSettings)


def change(connection: Connection, now: int, wanted: Mapping[str, Any]) -> FleetSettings:
    """Set some settings; those that are what is usual are not stored, so that they follow later versions.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        wanted: values by name, as JSON has them.

    Raises:
        WeighbridgeError: `E-fleet-settings`, `E-policy-rings`.
    """
    for name in wanted:
        if name not in FleetSettings.__struct_fields__:
            raise WeighbridgeError(
                "E-fleet-settings",
                f"there is no setting of the fleet called `{name[:60]}`",
                did_you_mean(name, FleetSettings.__struct_fields__),
            )
    before = msgspec.to_builtins(current(connection))
    try:
        after = msgspec.convert(before | dict(wanted), FleetSettings)
    except msgspec.ValidationError as error:
        raise WeighbridgeError(
            "E-fleet-settings", f"a setting of the fleet does not fit: {error}", "docs/howto/configure-as-files.md"
        ) from None
    check_rings(after.rings)
    usual = msgspec.to_builtins(FleetSettings())
    plain = msgspec.to_builtins(after)
    rows = [
        {"name": name, "value": msgspec.json.encode(plain[name]).decode(), "changed_at": now}
        for name in wanted
        if plain[name] != usual[name]
    ]
    connection.execute(delete(FLEET_SETTINGS).where(FLEET_SETTINGS.c.name.in_([*wanted])))
    upsert(connection, FLEET_SETTINGS, rows)
    return after
