"""Endpoints: who they are, in which state, and when they were last there.

Presence changes with every message and would make every message wait for the same rows, so it is kept in memory and
written for all together (`Presence`), in a table of its own.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import (
    Column,
    Connection,
    Index,
    LargeBinary,
    Row,
    Select,
    String,
    Text,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)

from weighbridge.fleet.statements import insert_into
from weighbridge.fleet.tables import endpoint_table, integer

_AT_ONCE = 5_000
"""Ids that one statement names."""
ACTIVE, PENDING, REVOKED, FORKED = "active", "pending", "revoked", "cloned_or_rewritten"
STATES = (ACTIVE, PENDING, REVOKED, FORKED)

ENDPOINTS = endpoint_table(
    "endpoints",
    Column("public_key", LargeBinary(32), nullable=False),
    Column("ledger_key", Text, nullable=False),
    Column("state", String(24), nullable=False),
    Column("reason", Text, nullable=False),
    Column("name", String(255), nullable=False),
    Column("platform", String(64), nullable=False),
    Column("release", String(255), nullable=False),
    Column("architecture", String(64), nullable=False),
    Column("owner", String(255), nullable=False),
    Column("group_name", String(64), nullable=False),
    Column("labels", Text, nullable=False),
    Column("token_id", String(32), nullable=False),
    integer("enrolled_at", nullable=False),
    integer("changed_at", nullable=False),
    Index(None, "group_name", "name"),
    Index(None, "public_key"),
)

PRESENCE = endpoint_table(
    "endpoint_presence",
    integer("last_seen_at", nullable=False),
    integer("clock_offset", nullable=False),
    Column("network", String(40), nullable=False),
    Column("policy_version", String(255), nullable=False),
    Column("sensor", String(64), nullable=False),
    Column("boot", String(64), nullable=False),
    Column("rulings", String(64)),
    Index(None, "last_seen_at"),
)
OF_IDENTITY = [ENDPOINTS.c[name] for name in ("public_key", "ledger_key", "state")]


class Endpoint(Struct, frozen=True, kw_only=True):
    """One endpoint, as faces show it. Times are milliseconds since 1970, UTC."""

    endpoint_id: str
    name: str
    state: str
    reason: str
    platform: str
    release: str
    architecture: str
    owner: str
    group_name: str
    labels: str
    enrolled_at: int
    last_seen_at: int | None
    clock_offset: int | None
    network: str | None
    policy_version: str | None
    sensor: str | None


class Identity(NamedTuple):
    """What a request of an endpoint is checked with."""

    public_key: bytes
    ledger_key: str
    state: str


class Moment(NamedTuple):
    """An endpoint was there."""

    endpoint_id: str
    last_seen_at: int
    clock_offset: int
    """Milliseconds that its clock is behind the server's."""
    policy_version: str
    sensor: str
    boot: str
    rulings: str = ""
    network: str = ""
    """How far it reached by its last record; empty if it sent none."""


class Presence:
    """Who was there since the last time that it was written. Losing it costs a line that says "a minute ago"."""

    def __init__(self) -> None:
        self._moments: dict[str, Moment] = {}

    def __len__(self) -> int:
        """Return how many endpoints wait to be written."""
        return len(self._moments)

    def note(self, moment: Moment) -> None:
        """Take note of an endpoint."""
        before = self._moments.get(moment.endpoint_id)
        if before is not None and not moment.network:
            moment = moment._replace(network=before.network)
        self._moments[moment.endpoint_id] = moment

    def taken(self) -> list[Moment]:
        """Return what was noted, and forget it."""
        moments, self._moments = [*self._moments.values()], {}
        return moments


def write_presence(connection: Connection, moments: Sequence[Moment]) -> None:
    """Write who was there, all together."""
    if moments:
        # In one order, so that two servers at once wait for each other instead of both for the other.
        rows = [moment._asdict() for moment in sorted(moments)]
        connection.execute(_were_there(connection.dialect.name), rows)


@lru_cache(2)
def _were_there(dialect: str) -> Any:  # noqa: ANN401  (an insert of the dialect)
    statement = insert_into(dialect, PRESENCE)
    new = statement.excluded
    fresh: dict[str, Any] = {name: new[name] for name in Moment._fields if name != "endpoint_id"}
    fresh["network"] = case((new.network != "", new.network), else_=PRESENCE.c.network)
    return statement.on_conflict_do_update(index_elements=["endpoint_id"], set_=fresh)


def identity(connection: Connection, endpoint_id: str, *, alone: bool = False) -> Identity | None:
    """Return the keys and state of an endpoint; None if there is no such.

    Args:
        connection: of a read or write.
        endpoint_id: which.
        alone: whether other writes that ask for the same wait until this one has ended. A SQLite file has one writer
            anyway; several servers at one PostgreSQL may get messages of one endpoint at the same time.
    """
    row = connection.execute(_identity(alone), {"endpoint_id": endpoint_id}).first()
    return None if row is None else identity_in(row)


def identity_in(row: Row[Any]) -> Identity:
    """Return the identity in a row that has the columns `OF_IDENTITY`."""
    return Identity(bytes(row.public_key), row.ledger_key, row.state)


@lru_cache(2)
def _identity(alone: bool) -> Select[Any]:
    query = select(*OF_IDENTITY).where(ENDPOINTS.c.endpoint_id == bindparam("endpoint_id"))
    return query.with_for_update() if alone else query


def with_key(connection: Connection, public_key: bytes) -> str | None:
    """Return the endpoint that signs with a key; None if there is no such."""
    query = select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.public_key == public_key)
    return connection.execute(query).scalar()


def change_key(connection: Connection, endpoint_id: str, public_key: bytes) -> None:
    """Have an endpoint sign with another key from now on; the one before counts no more."""
    connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == endpoint_id).values(public_key=public_key))


def add(connection: Connection, values: dict[str, object]) -> None:
    """Write a new endpoint. Raises `sqlalchemy.exc.IntegrityError` if it is there."""
    connection.execute(insert(ENDPOINTS).values(values))


def set_state(connection: Connection, endpoint_id: str, state: str, reason: str, now: int) -> bool:
    """Set the state of an endpoint; return whether there is such a one.

    Args:
        connection: within a write.
        endpoint_id: which.
        state: one of `STATES`.
        reason: why, for people.
        now: milliseconds since 1970.
    """
    changed = update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == endpoint_id)
    return connection.execute(changed.values(state=state, reason=reason, changed_at=now)).rowcount == 1


def describe(connection: Connection, endpoint_id: str, values: Mapping[str, str], now: int) -> bool:
    """Set `name`, `owner`, `group_name` or `labels` (JSON) of an endpoint; return whether there is such a one."""
    if not values.keys() <= {"name", "owner", "group_name", "labels", "platform", "release", "architecture"}:
        raise ValueError(f"{sorted(values)} cannot be described")
    changed = update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id == endpoint_id)
    return connection.execute(changed.values(changed_at=now, **values)).rowcount == 1


def move(connection: Connection, endpoint_ids: Sequence[str], group: str, now: int) -> None:
    """Put endpoints into a group."""
    moved = update(ENDPOINTS).where(ENDPOINTS.c.endpoint_id.in_(endpoint_ids))
    connection.execute(moved.values(group_name=group, changed_at=now))


def endpoint(connection: Connection, endpoint_id: str) -> Endpoint | None:
    """Return one endpoint; None if there is no such."""
    found = page(connection, limit=1, only=endpoint_id)
    return found[0] if found else None


def names(connection: Connection, endpoint_ids: Sequence[str]) -> dict[str, str]:
    """Return what endpoints call themselves, by id; those that there are none of are left out."""
    found: dict[str, str] = {}
    for at in range(0, len(endpoint_ids), _AT_ONCE):
        some = ENDPOINTS.c.endpoint_id.in_(endpoint_ids[at : at + _AT_ONCE])
        wanted = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.name).where(some)
        found |= {row.endpoint_id: row.name for row in connection.execute(wanted)}
    return found


def unheard_since(connection: Connection, before: int) -> list[str]:
    """Return the active endpoints that were last heard of before a time in milliseconds since 1970."""
    last = func.coalesce(PRESENCE.c.last_seen_at, ENDPOINTS.c.enrolled_at)
    joined = ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id)
    query = select(ENDPOINTS.c.endpoint_id).select_from(joined).where(ENDPOINTS.c.state == ACTIVE, last < before)
    return [*connection.execute(query).scalars()]


def page(
    connection: Connection, *, after: str = "", limit: int = 100, groups: Sequence[str] | None = None, only: str = ""
) -> list[Endpoint]:
    """Return endpoints in order of their ids.

    Args:
        connection: of a read.
        after: the last id of the page before.
        limit: how many at most.
        groups: to which the asker is limited; None for all.
        only: one id.
    """
    columns = [
        *(ENDPOINTS.c[name] for name in Endpoint.__struct_fields__ if name in ENDPOINTS.c),
        *(PRESENCE.c[name] for name in Endpoint.__struct_fields__ if name in PRESENCE.c and name != "endpoint_id"),
    ]
    joined = ENDPOINTS.outerjoin(PRESENCE, PRESENCE.c.endpoint_id == ENDPOINTS.c.endpoint_id)
    query = select(*columns).select_from(joined).where(ENDPOINTS.c.endpoint_id > after)
    if groups is not None:
        query = query.where(ENDPOINTS.c.group_name.in_(groups))
    if only:
        query = query.where(ENDPOINTS.c.endpoint_id == only)
    rows = connection.execute(query.order_by(ENDPOINTS.c.endpoint_id).limit(limit))
    return [Endpoint(**row._mapping) for row in rows]
