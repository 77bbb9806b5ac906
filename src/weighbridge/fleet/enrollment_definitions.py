"""Definitions of enrollment tokens: what a token of a name lets in, and where to. They hold no secret.

A token is made from a definition when somebody needs one; definitions can stand in files, tokens cannot.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Column, Connection, String, Text, delete, select

from weighbridge.fleet import labels
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError

DEFINITIONS = reference_table(
    "enrollment_definitions",
    Column("name", String(64), primary_key=True),
    Column("note", Text, nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("labels", Text, nullable=False),
    integer("uses", nullable=False),
    integer("days", nullable=False),
    integer("needs_approval", nullable=False),
    integer("changed_at", nullable=False),
)
MOST = 200


class Definition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tokens of a name are like."""

    name: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")]
    note: Annotated[str, Meta(max_length=500)] = ""
    group: Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9 ._-]*$")] = ""
    """Where devices go."""
    labels: dict[str, str] = {}
    """What they are labeled."""
    uses: Annotated[int, Meta(ge=1, le=100_000)] = 1
    days: Annotated[int, Meta(ge=1, le=366)] = 7
    needs_approval: bool = False


def every(connection: Connection) -> list[Definition]:
    """Return all definitions, by name."""
    return [_definition(row._mapping) for row in connection.execute(select(DEFINITIONS).order_by(DEFINITIONS.c.name))]


def by_name(connection: Connection, name: str) -> Definition | None:
    """Return the definition of a name; None if there is none."""
    row = connection.execute(select(DEFINITIONS).where(DEFINITIONS.c.name == name)).first()
    return None if row is None else _definition(row._mapping)


def define(connection: Connection, wanted: Definition, now: int) -> None:
    """Write a definition, instead of what stood under its name. Raises WeighbridgeError `E-label`, `E-token`."""
    known = {one.name for one in every(connection)}
    if wanted.name not in known and len(known) >= MOST:
        raise WeighbridgeError("E-token", f"a fleet defines up to {MOST} tokens", "remove those that nobody needs")
    row = {
        "name": wanted.name,
        "note": wanted.note,
        "group_name": wanted.group,
        "labels": msgspec.json.encode(labels.checked(wanted.labels)).decode(),
        "uses": wanted.uses,
        "days": wanted.days,
        "needs_approval": int(wanted.needs_approval),
        "changed_at": now,
    }
    upsert(connection, DEFINITIONS, [row])


def forget(connection: Connection, name: str) -> bool:
    """Remove a definition; return whether there was one. Tokens that were made from it stay."""
    return connection.execute(delete(DEFINITIONS).where(DEFINITIONS.c.name == name)).rowcount == 1


def _definition(row: Mapping[Any, Any]) -> Definition:
    given = {name: row[name] for name in ("name", "note", "uses", "days")}
    more = {"group": row["group_name"], "needs_approval": bool(row["needs_approval"])}
    return msgspec.convert(given | more | {"labels": msgspec.json.decode(str(row["labels"]))}, Definition)
