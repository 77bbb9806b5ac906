"""Groups in files. Their order in the file is the order of their rules."""

from typing import Annotated

from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import grouping, groups
from weighbridge.fleet.config_section import Body, Section, Work
from weighbridge.fleet.groups import Described


class GroupItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One group."""

    name: str
    note: Annotated[str, Meta(max_length=500)] = ""
    rule: Annotated[str, Meta(max_length=2000)] = ""
    """A query over endpoints; without one, endpoints come into the group by hand or by their token."""


def _body(item: GroupItem) -> Body:
    return {"note": item.note, "rule": item.rule.strip()}


def _read(connection: Connection) -> dict[str, Body]:
    return {one.name: {"note": one.note, "rule": one.rule} for one in groups.described(connection)}


def _write(connection: Connection, work: Work, item: GroupItem) -> None:
    groups.describe(connection, Described(name=item.name, note=item.note, rule=item.rule), work.now)


def _remove(connection: Connection, _work: Work, key: str) -> None:
    groups.forget(connection, key)


def _order(connection: Connection, work: Work, names: list[str]) -> bool:
    return groups.order(connection, names, work.now)


def _finish(connection: Connection, work: Work) -> None:
    grouping.regroup(connection, work.now)


SECTION = Section(
    name="groups",
    about="Groups of endpoints, and the rules that put endpoints into them; the first rule that fits decides.",
    item=GroupItem,
    key=lambda item: str(item.name),
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    order=_order,
    finish=_finish,
)
