"""Settings of the fleet in files. Each is an item of its own, so that a file may leave to the console what it likes."""

from typing import get_type_hints

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import Connection

from weighbridge.fleet import fleet_settings
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.fleet_settings import FleetSettings

SettingsItem: type[Struct] = msgspec.defstruct(
    "SettingsItem",
    [(name, hint | UnsetType, UNSET) for name, hint in get_type_hints(FleetSettings, include_extras=True).items()],
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
)
"""Some of `FleetSettings`, with their bounds: those that a file or a request names."""
NAME = "fleet"
"""All settings are one item."""


def _body(item: Struct) -> Body:
    found: Body = msgspec.to_builtins(item)
    return found


def _read(connection: Connection) -> dict[str, Body]:
    return {NAME: msgspec.to_builtins(fleet_settings.current(connection))}


def _write(connection: Connection, work: Work, item: Struct) -> None:
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
