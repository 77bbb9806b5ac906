"""Inventory: every thing that an endpoint's records speak of, as its last record says it. What ended stays.

A thing is named by its subject, as the sensor itself tells one thing from another (`watch_decide.subject_of`). The sum
over what has not ended is kept along, so that server and endpoint can compare all of it in one number.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, LargeBinary, String, Text, bindparam, delete, select, update
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


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> dict[str, Before]:
    """Bring the inventory of an endpoint up to its records; return what the things were before, by their keys."""
    last = {key_of(change.subject): change for change in changes}
    before = _before(connection, endpoint_id, [*last])
    total = _total(connection, endpoint_id)
    this = asked(connection, endpoint_id).round
    began: dict[str, Change] = {}
    for change in changes:
        began.setdefault(key_of(change.subject), change)
    present, gone = [], []
    for key, change in last.items():
        old = before.get(key)
        if old is not None and not old.ended:
            total = removed(total, old.part)
        if change.ended:
            gone.append((key, change))
            continue
        own = part(change.subject, change.leaf)
        total = added(total, own)
        present.append(_row(endpoint_id, key, change, began[key], own, this))
    for at in range(0, len(present), _AT_ONCE):
        upsert(connection, THINGS, present[at : at + _AT_ONCE], keep=("first_index", "first_at"))
    for key, change in gone:
        if key in before:
            named = update(THINGS).where(THINGS.c.endpoint_id == endpoint_id, THINGS.c.subject == key)
            connection.execute(named.values(ended_at=change.at, last_index=change.record.sequence, last_at=change.at))
    if last:
        row = {"endpoint_id": endpoint_id, "total": digest(total), **_NOT_ASKED}
        upsert(connection, SUMS, [row], keep=tuple(_NOT_ASKED))
    return before


def sum_of(connection: Connection, endpoint_id: str) -> bytes:
    """Return the sum over everything that an endpoint has now."""
    return digest(_total(connection, endpoint_id))


def asked(connection: Connection, endpoint_id: str) -> Asked:
    """Return whether a snapshot was asked for."""
    query = select(SUMS.c.round, SUMS.c.asked_at, SUMS.c.answered).where(SUMS.c.endpoint_id == endpoint_id)
    row = connection.execute(query).first()
    return Asked(0, 0, True) if row is None else Asked(row[0], row[1], bool(row[2]))


def note_asked(connection: Connection, endpoint_id: str, state: Asked) -> None:
    """Write whether a snapshot was asked for."""
    row = {"round": state.round, "asked_at": state.at, "answered": int(state.answered)}
    upsert(connection, SUMS, [{"endpoint_id": endpoint_id, "total": digest(0), **row}], keep=("total",))


def news(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> list[Change]:
    """Return the changes that say something that is not known."""
    known = set()
    keys = [key_of(change.subject) for change in changes]
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
    keys = [key_of(change.subject) for change in changes]
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


def _total(connection: Connection, endpoint_id: str) -> int:
    found = connection.execute(select(SUMS.c.total).where(SUMS.c.endpoint_id == endpoint_id)).scalar()
    return 0 if found is None else total_of(bytes(found))


def _before(connection: Connection, endpoint_id: str, keys: Sequence[str]) -> dict[str, Before]:
    found: dict[str, Before] = {}
    for at in range(0, len(keys), _AT_ONCE):
        query = select(THINGS.c.subject, THINGS.c.artifact, THINGS.c.ended_at, THINGS.c.part).where(
            THINGS.c.endpoint_id == endpoint_id, THINGS.c.subject.in_(keys[at : at + _AT_ONCE])
        )
        for row in connection.execute(query):
            found[row.subject] = Before(row.artifact, row.ended_at is not None, total_of(bytes(row.part)))
    return found
