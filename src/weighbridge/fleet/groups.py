"""Groups: the names by which endpoints are told apart in scopes, rings and queries. Each endpoint is in one at most.

A group is there when an endpoint is in it, or when somebody described it: with a note, and with a rule by which
`grouping.py` puts endpoints into it. The rule is a query over what people say of an endpoint and what it is.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Connection, String, Text, delete, func, select, update

from weighbridge.fleet import listed_endpoints
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.query_sql import Searched, where
from weighbridge.fleet.query_syntax import parse
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.visible import visible
from weighbridge.model.errors import WeighbridgeError

GROUPS = reference_table(
    "endpoint_groups",
    Column("name", String(64), primary_key=True),
    Column("note", Text, nullable=False),
    Column("rule", Text, nullable=False),
    integer("place", nullable=False),
    integer("changed_at", nullable=False),
)
NAME = r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$"
MOST = 200
RULE_FIELDS = ("name", "platform", "architecture", "owner", "label", "data_class", "state", "enrolled", "endpoint")
"""What a rule may ask for: nothing that changes by the hour, and no group."""
_MOST_COUNTED = 500


class Group(Struct, frozen=True, kw_only=True):
    """One group; the empty name is that of endpoints without one."""

    name: str
    endpoints: int
    note: str = ""
    rule: str = ""
    """Empty: endpoints come into it by hand or by the token that let them in."""
    place: int | None = None
    """Of several rules that an endpoint matches, the one with the lowest place counts; None: it was not described."""


class Described(Struct, frozen=True, kw_only=True):
    """A group as people describe it."""

    name: str
    note: str = ""
    rule: str = ""


def every(connection: Connection, scope: Scope) -> list[Group]:
    """Return the groups that a viewer may see, by name."""
    counted = select(ENDPOINTS.c.group_name, func.count()).where(visible(ENDPOINTS, scope))
    rows = connection.execute(
        counted.group_by(ENDPOINTS.c.group_name).order_by(ENDPOINTS.c.group_name).limit(_MOST_COUNTED)
    )
    found = {str(row[0]): int(row[1]) for row in rows}
    places = {one.name: (place, one) for place, one in enumerate(described(connection))}
    seen = places if scope == EVERYTHING else places.keys() & {*(scope.groups or ()), *found}
    made = []
    for name in sorted({*found, *seen}):
        place, one = places.get(name, (None, Described(name=name)))
        made.append(Group(name=name, endpoints=found.get(name, 0), note=one.note, rule=one.rule, place=place))
    return made


def described(connection: Connection) -> list[Described]:
    """Return the groups that somebody described, in the order of their rules."""
    columns = [GROUPS.c[name] for name in Described.__struct_fields__]
    rows = connection.execute(select(*columns).order_by(GROUPS.c.place, GROUPS.c.name))
    return [Described(**row._mapping) for row in rows]


def describe(connection: Connection, wanted: Described, now: int, place: int | None = None) -> None:
    """Describe a group, instead of how it was described before.

    Args:
        connection: within a write.
        wanted: what to say of it.
        now: milliseconds since 1970.
        place: among the rules; None: where it stands, the last for a new one.

    Raises:
        WeighbridgeError: `E-group`, `E-query`: it cannot be called like that, or its rule cannot be read.
    """
    if not re.match(NAME, wanted.name) or wanted.name != wanted.name.strip():
        raise WeighbridgeError(
            "E-group", f"`{wanted.name[:70]}` is no name of a group", "up to 64 letters, digits, spaces and . _ -"
        )
    matches(wanted.rule, now)
    there = {row.name: row.place for row in connection.execute(select(GROUPS.c.name, GROUPS.c.place))}
    if wanted.name not in there and len(there) >= MOST:
        raise WeighbridgeError("E-group", f"a fleet describes up to {MOST} groups", "remove those that nobody needs")
    last = max(there.values(), default=-1) + 1
    row = {"name": wanted.name, "note": wanted.note, "rule": wanted.rule.strip(), "changed_at": now}
    upsert(connection, GROUPS, [row | {"place": there.get(wanted.name, last) if place is None else place}])


def order(connection: Connection, names: Sequence[str], now: int) -> bool:
    """Let rules of groups come in an order, those that are not named after them; return whether it was another."""
    before = [one.name for one in described(connection)]
    after = [*(name for name in names if name in before), *(name for name in before if name not in names)]
    for place, name in enumerate(after):
        connection.execute(update(GROUPS).where(GROUPS.c.name == name).values(place=place, changed_at=now))
    return before != after


def forget(connection: Connection, name: str) -> bool:
    """Forget how a group is described; return whether it was. Endpoints stay in it until `grouping.regroup`."""
    return connection.execute(delete(GROUPS).where(GROUPS.c.name == name)).rowcount == 1


def matches(rule: str, now: int) -> ColumnElement[bool] | None:
    """Return the condition of a rule on `ENDPOINTS`; None for an empty one. Raises WeighbridgeError `E-query`."""
    if not rule.strip():
        return None
    searched = listed_endpoints.listing(EVERYTHING).searched
    bounded = Searched(
        fields={name: searched.fields[name] for name in RULE_FIELDS},
        columns=searched.columns,
        within=searched.within,
        words=(),
    )
    return where(parse(rule), bounded, datetime.fromtimestamp(now / 1000, UTC))
