"""Definitions of enrollment tokens in files. Tokens themselves are secrets and in no file."""

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet import enrollment_definitions
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.enrollment_definitions import Definition


def _body(item: Definition) -> Body:
    found: Body = msgspec.to_builtins(item)
    del found["name"]
    return found


def _read(connection: Connection) -> dict[str, Body]:
    return {one.name: _body(one) for one in enrollment_definitions.every(connection)}


def _write(connection: Connection, work: Work, item: Definition) -> None:
    enrollment_definitions.define(connection, item, work.now)


def _remove(connection: Connection, _work: Work, key: str) -> None:
    enrollment_definitions.forget(connection, key)


SECTION = Section(
    name="enrollment",
    about="What enrollment tokens of a name let in; wb fleet token --like NAME makes one.",
    item=Definition,
    key=lambda item: str(item.name),
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
)
