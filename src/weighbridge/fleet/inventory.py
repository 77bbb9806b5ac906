"""Inventory: every thing that an endpoint's records speak of, as its last record says it. What ended stays.

A thing is named by its subject, as the sensor itself tells one thing from another (`watch_decide.subject_of`). The sum
over what has not ended is kept along, so that server and endpoint can compare all of it in one number.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
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
    Update,
    and_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy import text as sql_text

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import text, word
from weighbridge.ledger.canonical import canonical
from weighbridge.ledger.entry import Record
from weighbridge.sync.inventory_sum import added, digest, part, removed, total_of

SUBJECT_LENGTH = 32


def _of_agents(first: str) -> Index:
    """Return an index on the agents that are there now, in an order of their list: a small part of all things."""
    there = sql_text("kind = 'agent' AND ended_at IS NULL")
    name = f"ix_inventory_agents_{first}"
    return Index(name, first, "endpoint_id", "subject", sqlite_where=there, postgresql_where=there)


THINGS = endpoint_table(
    "inventory",
    Column("subject", String(SUBJECT_LENGTH), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("name", String(255), nullable=False),
    Column("artifact", String(80), nullable=False),
    Column("path", Text, nullable=False),
    integer("first_index", nullable=False),
    integer("last_index", nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    integer("ended_at"),
    Column("part", LargeBinary(32), nullable=False),
    integer("round", nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index(None, "artifact", "kind"),
    _of_agents("name"),
    _of_agents("last_at"),
)
SUMS = endpoint_table(
    "inventory_sums",
    Column("total", LargeBinary(32), nullable=False),
    integer("round", nullable=False),
    integer("asked_at", nullable=False),
    integer("answered", nullable=False),
)
_NOT_ASKED = {"round": 0, "asked_at": 0, "answered": 1}
_OF_BEFORE = [THINGS.c[name] for name in ("subject", "artifact", "ended_at", "part")]
_AT_ONCE = 400
_NAMES = {
    "agent": ("name", "what"),
    "artifact": ("format",),
    "finding": ("check",),
    "listener": ("product", "address"),
    "network": ("connectivity",),
    "process": ("runtime", "name"),
    "secret": ("provider", "format"),
    "sighting": ("store",),
    "toolchain": ("name",),
    "verdict": ("decision",),
}
"""Fields of the data by which people know a thing of a kind; the first that is there."""


class Change(NamedTuple):
    """What one record says about one thing."""

    subject: str
    """As `watch_decide.subject_of` names it."""
    key: str
    """Of that in tables: `key_of`."""
    record: Record
    leaf: bytes
    at: int
    """On the server's clock."""

    @property
    def ended(self) -> bool:
        """Whether it is not there any more."""
        return self.record.kind.endswith("-end")

    @property
    def kind(self) -> str:
        """Without the ending."""
        return self.record.kind.removesuffix("-end")


class Before(NamedTuple):
    """What a thing was before a batch."""

    artifact: str
    ended: bool
    part: int


class Asked(NamedTuple):
    """Whether a snapshot was asked for."""

    round: int
    """Number of the last one."""
    at: int
    """When; 0 if all is well."""
    answered: bool

    @property
    def waits(self) -> bool:
        """Whether it is awaited."""
        return bool(self.at) and not self.answered


class Known(NamedTuple):
    """What is known of an endpoint's things all together."""

    total: int
    """The sum over those that are there."""
    asked: Asked


class Brought(NamedTuple):
    """What became of an inventory."""

    before: dict[str, Before]
    """What the things that changed were, by their keys."""
    known: Known
    """What is known now."""


_NOTHING = Known(0, Asked(0, 0, True))


class Thing(Struct, frozen=True, kw_only=True):
    """One thing of one endpoint, as faces show it; `data` is what its last record says."""

    endpoint_id: str
    subject: str
    kind: str
    name: str
    artifact: str
    path: str
    first_at: int
    last_at: int
    ended_at: int | None
    data: bytes


def key_of(subject: str) -> str:
    """Return the key of a thing in tables."""
    return sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:SUBJECT_LENGTH]


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> Brought:
    """Bring the inventory of an endpoint up to its records."""
    last = {change.key: change for change in changes}
    held, before = _held(connection, endpoint_id, [*last])
    total, this = held.total, held.asked.round
    began: dict[str, Change] = {}
    for change in changes:
        began.setdefault(change.key, change)
    present, gone = [], []
    for key, change in last.items():
        old = before.get(key)
        if old is not None and not old.ended:
            total = removed(total, old.part)
        if change.ended:
            if old is not None:
                now = {"at": change.at, "index": change.record.sequence}
                gone.append({"whose": endpoint_id, "which": key, **now})
            continue
        own = part(change.subject, change.leaf)
        total = added(total, own)
        present.append(_row(endpoint_id, key, change, began[key], own, this))
    for at in range(0, len(present), _AT_ONCE):
        upsert(connection, THINGS, present[at : at + _AT_ONCE], keep=("first_index", "first_at"))
    if gone:
        connection.execute(_end(), gone)
    if total != held.total:
        row = {"endpoint_id": endpoint_id, "total": digest(total), **_NOT_ASKED}
        upsert(connection, SUMS, [row], keep=tuple(_NOT_ASKED))
    return Brought(before, held._replace(total=total))


def sum_of(connection: Connection, endpoint_id: str) -> bytes:
    """Return the sum over everything that an endpoint has now."""
    return digest(known(connection, endpoint_id).total)


def known(connection: Connection, endpoint_id: str) -> Known:
    """Return what is known of an endpoint's things all together."""
    row = connection.execute(_sum(), {"endpoint_id": endpoint_id}).first()
    return _NOTHING if row is None else _known_in(row)


def note_asked(connection: Connection, endpoint_id: str, state: Asked) -> None:
    """Write whether a snapshot was asked for."""
    row = {"round": state.round, "asked_at": state.at, "answered": int(state.answered)}
    upsert(connection, SUMS, [{"endpoint_id": endpoint_id, "total": digest(0), **row}], keep=("total",))


def news(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> list[Change]:
    """Return the changes that say something that is not known."""
    known = set()
    keys = [change.key for change in changes]
    for at in range(0, len(keys), _AT_ONCE):
        query = select(THINGS.c.part).where(
            THINGS.c.endpoint_id == endpoint_id,
            THINGS.c.subject.in_(keys[at : at + _AT_ONCE]),
            THINGS.c.ended_at.is_(None),
        )
        known |= {bytes(own) for (own,) in connection.execute(query)}
    return [change for change in changes if digest(part(change.subject, change.leaf)) not in known]


def mark(connection: Connection, endpoint_id: str, changes: Sequence[Change], this: int) -> None:
    """Take note that things were in a snapshot."""
    keys = [change.key for change in changes]
    for at in range(0, len(keys), _AT_ONCE):
        named = THINGS.c.endpoint_id == endpoint_id, THINGS.c.subject.in_(keys[at : at + _AT_ONCE])
        connection.execute(update(THINGS).where(*named).values(round=this))


def end_unmarked(connection: Connection, endpoint_id: str, this: int, now: int) -> None:
    """End the things that were neither in a snapshot nor in a record since it began."""
    there = (THINGS.c.endpoint_id == endpoint_id, THINGS.c.ended_at.is_(None))
    connection.execute(update(THINGS).where(*there, THINGS.c.round != this).values(ended_at=now, last_at=now))
    total = 0
    for (own,) in connection.execute(select(THINGS.c.part).where(*there)):
        total = added(total, total_of(bytes(own)))
    connection.execute(update(SUMS).where(SUMS.c.endpoint_id == endpoint_id).values(total=digest(total)))


def present(
    connection: Connection, endpoint_id: str, kind: str, artifacts: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Return how many things of a kind there are for each artifact, and the path of one; those without are left out."""
    found: dict[str, tuple[int, str]] = {}
    for at in range(0, len(artifacts), _AT_ONCE):
        query = select(THINGS.c.artifact, THINGS.c.path).where(
            THINGS.c.endpoint_id == endpoint_id,
            THINGS.c.kind == kind,
            THINGS.c.artifact.in_(artifacts[at : at + _AT_ONCE]),
            THINGS.c.ended_at.is_(None),
        )
        for artifact, path in connection.execute(query):
            count, shown = found.get(artifact, (0, path))
            found[artifact] = (count + 1, min(shown, path))
    return found


def of_endpoint(
    connection: Connection,
    endpoint_id: str,
    *,
    kinds: Sequence[str] = (),
    after: str = "",
    limit: int = 100,
    with_ended: bool = False,
) -> list[Thing]:
    """Return things of one endpoint in order of their keys."""
    columns = [THINGS.c[name] for name in Thing.__struct_fields__]
    query = select(*columns).where(THINGS.c.endpoint_id == endpoint_id, THINGS.c.subject > after)
    if kinds:
        query = query.where(THINGS.c.kind.in_(kinds))
    if not with_ended:
        query = query.where(THINGS.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(THINGS.c.subject).limit(limit))
    return [Thing(**{**row._mapping, "data": bytes(row.data)}) for row in rows]


def forget(connection: Connection, keys: Sequence[Mapping[str, object]]) -> None:
    """Remove things that ended: each key has the endpoint as `whose` and the subject as `which`."""
    named = (THINGS.c.endpoint_id == bindparam("whose"), THINGS.c.subject == bindparam("which"))
    connection.execute(delete(THINGS).where(*named, THINGS.c.ended_at.is_not(None)), list(keys))


def artifact_of(kind: str, data: Mapping[str, object]) -> str:
    """Return the digest that a record is about, `claimed:` before one that was not measured; empty if there is none."""
    named = data.get("artifact")
    has_one = kind in ("artifact", "sighting", "verdict", "finding") and isinstance(named, str) and is_digest(named)
    return str(named) if has_one else ""


def is_digest(named: object) -> bool:
    """Tell whether an artifact is named by its content, not by its place."""
    if not isinstance(named, str):
        return False
    plain = named.removeprefix("claimed:")
    return len(plain) == 64 and all(one in "0123456789abcdef" for one in plain)


def _row(endpoint_id: str, key: str, change: Change, first: Change, own: int, this: int) -> dict[str, object]:
    data = change.record.data
    names = (word(data, name) for name in _NAMES.get(change.kind, ()))
    return {
        "endpoint_id": endpoint_id,
        "subject": key,
        "kind": text(change.kind, 40) or "",
        "name": next((name for name in names if name), ""),
        "artifact": artifact_of(change.kind, data),
        "path": word(data, "path", 4096) or word(data, "executable", 4096) or "",
        "first_index": first.record.sequence,
        "last_index": change.record.sequence,
        "first_at": first.at,
        "last_at": change.at,
        "ended_at": None,
        "part": digest(own),
        "round": this,
        "data": _data(data),
    }


def _data(data: Mapping[str, object]) -> bytes:
    try:
        return canonical(data)
    except ValueError:  # what has no canonical form was not written by a sensor of ours; the record keeps it
        return b"{}"


def _held(connection: Connection, endpoint_id: str, keys: Sequence[str]) -> tuple[Known, dict[str, Before]]:
    """Return what is known of all things, and what those with these keys are."""
    whole: Known | None = None
    found: dict[str, Before] = {}
    for at in range(0, len(keys), _AT_ONCE):
        named = {"endpoint_id": endpoint_id, "keys": keys[at : at + _AT_ONCE]}
        rows = connection.execute(_sum_and_things(), named).all()
        if rows:
            whole = _known_in(rows[0])
        else:  # there is no sum yet, or it was lost
            rows = connection.execute(_things(), named).all()
        for row in rows:
            if row.subject is not None:
                found[row.subject] = Before(row.artifact, row.ended_at is not None, total_of(bytes(row.part)))
    return whole or _NOTHING, found


@lru_cache(1)
def _sum() -> Select[Any]:
    return select(SUMS.c.total, SUMS.c.round, SUMS.c.asked_at, SUMS.c.answered).where(
        SUMS.c.endpoint_id == bindparam("endpoint_id")
    )


@lru_cache(1)
def _sum_and_things() -> Select[Any]:
    named = THINGS.c.subject.in_(bindparam("keys", expanding=True))
    joined = SUMS.outerjoin(THINGS, and_(THINGS.c.endpoint_id == SUMS.c.endpoint_id, named))
    return _sum().add_columns(*_OF_BEFORE).select_from(joined)


@lru_cache(1)
def _things() -> Select[Any]:
    named = THINGS.c.subject.in_(bindparam("keys", expanding=True))
    return select(*_OF_BEFORE).where(THINGS.c.endpoint_id == bindparam("endpoint_id"), named)


def _known_in(row: Row[Any]) -> Known:
    return Known(total_of(bytes(row.total)), Asked(row.round, row.asked_at, bool(row.answered)))


@lru_cache(1)
def _end() -> Update:
    named = (THINGS.c.endpoint_id == bindparam("whose"), THINGS.c.subject == bindparam("which"))
    values: dict[str, Any] = {"ended_at": bindparam("at"), "last_at": bindparam("at"), "last_index": bindparam("index")}
    return update(THINGS).where(*named).values(values)
