"""Settings of the fleet in files. Each is an item of its own, so that a file may leave to the console what it likes."""

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import fleet_settings
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.fleet_settings import FleetSettings
from weighbridge.fleet.policy_rings import Ring


class SettingsItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings that a file names; their bounds are those of `FleetSettings`."""

    records_days: int | UnsetType | None = UNSET
    processes_days: int | UnsetType | None = UNSET
    usage_days: int | UnsetType | None = UNSET
    findings_days: int | UnsetType | None = UNSET
    audit_days: int | UnsetType | None = UNSET
    exports_days: int | UnsetType = UNSET
    silent_days: int | UnsetType = UNSET
    rings: list[Ring] | UnsetType = UNSET
    ring_budget: int | UnsetType = UNSET


NAME = "fleet"
"""All settings are one item."""


def _body(item: SettingsItem) -> Body:
    found: Body = msgspec.to_builtins(item)
    return found


def _read(connection: Connection) -> dict[str, Body]:
    return {NAME: msgspec.to_builtins(fleet_settings.current(connection))}


def _write(connection: Connection, work: Work, item: SettingsItem) -> None:
    fleet_settings.change(connection, work.now, _body(item))


def _remove(connection: Connection, work: Work, _key: str) -> None:
    fleet_settings.change(connection, work.now, msgspec.to_builtins(FleetSettings()))


def _shown(_key: str, body: Body) -> Body:
    usual = msgspec.to_builtins(FleetSettings())
    return {name: value for name, value in body.items() if value != usual[name]}


SECTION = Section(
    name="settings",
    about="What all servers of the fleet keep to: retention, silence, rings of a roll-out.",
    item=SettingsItem,
    key=lambda _item: NAME,
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    counts=lambda _body: False,
    single=True,
    shown=_shown,
)
