"""Targets: which products are told what, how far each has come, and which server works on it now.

A target has one cursor: the last row of the outbox that it took. Whoever works on it holds a claim that ends by itself,
so that a server that dies holds nobody up and two servers do not send the same at the same time.

Source: PostgreSQL documentation, "SELECT", SKIP LOCKED; SQLite has a single writer and needs no lock.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Column, Connection, Index, Row, Select, String, Text, and_, delete, insert, or_, select, update
from sqlalchemy.sql.dml import Update

from weighbridge.fleet import outbox
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.fleet.target import Destination
from weighbridge.model.errors import WeighbridgeError

TARGETS = reference_table(
    "export_targets",
    Column("target_id", String(16), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("shown_address", Text, nullable=False),
    Column("format", String(16), nullable=False),
    Column("topics", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    integer("made_at", nullable=False),
    integer("paused", nullable=False),
    integer("cursor", nullable=False),
    integer("sent", nullable=False),
    integer("lost", nullable=False),
    integer("attempts", nullable=False),
    integer("next_at", nullable=False),
    integer("last_sent_at"),
    Column("error", Text, nullable=False),
    Column("claimed_by", String(32), nullable=False),
    integer("claimed_until", nullable=False),
    integer("digest_minutes", nullable=False, server_default="0"),
    Column("options", Text, nullable=False, server_default="{}"),
    Column("digest", Text, nullable=True),
    Index(None, "next_at"),
)
SECRETS = reference_table(
    "export_secrets",
    Column("target_id", String(16), primary_key=True),
    Column("address", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("authorities", Text, nullable=False),
)
"""Apart, so that nothing that lists targets can show them. The database is readable by its owner only."""
CLAIM_MILLISECONDS = 180_000
MOST = 50
_MINUTE = 60_000


class ExportTarget(NamedTuple):
    """One target as it is shown. Times are milliseconds since 1970, UTC."""

    target_id: str
    name: str
    kind: str
    """An id of `target_registry.TARGETS`."""
    shown_address: str
    format: str
    topics: tuple[str, ...]
    severity: str
    made_at: int
    paused: bool
    cursor: int
    """Position in the outbox of the last row that was taken."""
    sent: int
    """Events that were taken."""
    lost: int
    """Rows that retention removed before they could be sent."""
    attempts: int
    """Failures since the last success."""
    next_at: int
    """Not tried before."""
    last_sent_at: int | None
    error: str
    """Of the last try; empty if it went well."""
    digest_minutes: int
    """At most one message in so many minutes, with all that came meanwhile; 0: each by itself."""
    digest: str
    """What waits for the next message, as `export_digest` writes it; empty if nothing does."""
    options: Mapping[str, str]


def add(
    connection: Connection,
    now: int,
    destination: Destination,
    *,
    name: str,
    kind: str,
    shown_address: str,
    topics: Sequence[str],
    severity: str,
    since: int | None,
    digest_minutes: int = 0,
) -> ExportTarget:
    """Write a target.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        destination: where it is, with its secret.
        name: for people.
        kind: id of its kind.
        shown_address: the address without what is secret in it.
        topics: what it is sent.
        severity: the least that it is sent.
        since: from when on it is sent what there is, in milliseconds since 1970; None: from now on.
        digest_minutes: at most one message in so many minutes; 0: each event by itself.

    Raises:
        WeighbridgeError: `E-export`, there are too many.
    """
    if len(listed(connection)) >= MOST:
        raise WeighbridgeError("E-export", f"a server has up to {MOST} targets", "remove those that nobody reads")
    target_id = secrets.token_hex(8)
    outbox.number(connection)
    connection.execute(
        insert(TARGETS).values(
            target_id=target_id,
            name=name,
            kind=kind,
            shown_address=shown_address,
            format=destination.format,
            topics=" ".join(topics),
            severity=severity,
            made_at=now,
            paused=0,
            cursor=outbox.head(connection) if since is None else outbox.position_before(connection, since),
            sent=0,
            lost=0,
            attempts=0,
            next_at=now,
            last_sent_at=None,
            error="",
            claimed_by="",
            claimed_until=0,
            digest_minutes=digest_minutes,
            digest=None,
            options=_written(destination.options),
        )
    )
    connection.execute(
        insert(SECRETS).values(
            target_id=target_id,
            address=destination.address,
            secret=destination.secret,
            authorities=destination.authorities,
        )
    )
    made = by_id(connection, target_id)
    assert made is not None  # noqa: S101  (it was written above)
    return made


def replace(
    connection: Connection,
    now: int,
    target_id: str,
    destination: Destination,
    *,
    shown_address: str,
    topics: Sequence[str],
    severity: str,
    digest_minutes: int,
) -> None:
    """Say anew where a target is and what it is sent; how far it is stays. It is tried at once."""
    values = {"shown_address": shown_address, "format": destination.format, "topics": " ".join(topics)}
    more = {"severity": severity, "digest_minutes": digest_minutes, "options": _written(destination.options)}
    connection.execute(_the(target_id).values(values | more))
    secret = {"address": destination.address, "secret": destination.secret, "authorities": destination.authorities}
    connection.execute(update(SECRETS).where(SECRETS.c.target_id == target_id).values(secret))
    retry(connection, now, target_id)


def listed(connection: Connection) -> list[ExportTarget]:
    """Return all targets, by name."""
    return [_target(row) for row in connection.execute(select(TARGETS).order_by(TARGETS.c.name, TARGETS.c.target_id))]


def by_id(connection: Connection, target_id: str) -> ExportTarget | None:
    """Return a target; None if there is none."""
    row = connection.execute(select(TARGETS).where(TARGETS.c.target_id == target_id)).first()
    return None if row is None else _target(row)


def by_name(connection: Connection, name: str) -> list[ExportTarget]:
    """Return the targets of a name: people may call two alike."""
    found = connection.execute(select(TARGETS).where(TARGETS.c.name == name).order_by(TARGETS.c.target_id))
    return [_target(row) for row in found]


def destination_of(connection: Connection, target: ExportTarget) -> Destination | None:
    """Return where a target is, with its secret; None if it was removed."""
    row = connection.execute(select(SECRETS).where(SECRETS.c.target_id == target.target_id)).first()
    return None if row is None else _destination(target, row)


def set_secret(connection: Connection, now: int, target_id: str, secret: str) -> None:
    """Give a target another secret, and try it at once."""
    connection.execute(update(SECRETS).where(SECRETS.c.target_id == target_id).values(secret=secret))
    retry(connection, now, target_id)


def pause(connection: Connection, now: int, target_id: str, *, paused: bool) -> None:
    """Stop or go on. What is told in between is sent afterwards."""
    connection.execute(_the(target_id).values(paused=int(paused)))
    if not paused:
        retry(connection, now, target_id)


def retry(connection: Connection, now: int, target_id: str) -> None:
    """Try a target at once."""
    connection.execute(_the(target_id).values(next_at=now))


def replay(connection: Connection, now: int, target_id: str, since: int) -> int:
    """Send everything again that was told since a time; return how many rows that is.

    Whoever works on the target now loses the claim, so that its end does not move the cursor forward again.
    """
    outbox.number(connection)
    cursor = outbox.position_before(connection, since)
    connection.execute(_the(target_id).values(cursor=cursor, next_at=now, attempts=0, claimed_by="", claimed_until=0))
    return outbox.count_after(connection, cursor)


def remove(connection: Connection, target_id: str) -> bool:
    """Remove a target with its secret; return whether there was one."""
    connection.execute(delete(SECRETS).where(SECRETS.c.target_id == target_id))
    return connection.execute(delete(TARGETS).where(TARGETS.c.target_id == target_id)).rowcount == 1


def is_due(connection: Connection, now: int) -> bool:
    """Tell whether `claim` would find a target."""
    return connection.execute(_due(connection, now)).first() is not None


def claim(connection: Connection, now: int, worker: str) -> ExportTarget | None:
    """Take the target whose turn it is, for `CLAIM_MILLISECONDS`; None if none has anything to do.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        worker: who takes it.
    """
    row = connection.execute(_due(connection, now).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    connection.execute(_the(row.target_id).values(claimed_by=worker, claimed_until=now + CLAIM_MILLISECONDS))
    return _target(row)


def release(connection: Connection) -> None:
    """Let go of every target: nobody works on any, because this process alone has the database and has just begun."""
    connection.execute(update(TARGETS).values(claimed_by="", claimed_until=0))


def holds(connection: Connection, target_id: str, worker: str) -> bool:
    """Tell whether a target is still claimed by a worker, and keep others from taking it in this write."""
    held = select(TARGETS.c.claimed_by).where(TARGETS.c.target_id == target_id).with_for_update()
    return connection.execute(held).scalar() == worker


def idle(connection: Connection, target_id: str) -> None:
    """Let go of a target that has nothing more to send: it is looked at again when something is told."""
    connection.execute(_the(target_id).values(next_at=0, claimed_by="", claimed_until=0))


def succeeded(connection: Connection, now: int, target_id: str, *, cursor: int, events: int) -> None:
    """Let go of a target that took what it was sent, up to a position."""
    values = {"attempts": 0, "error": "", "next_at": now, "claimed_by": "", "claimed_until": 0, "cursor": cursor}
    if events:
        values |= {"last_sent_at": now}
    connection.execute(_the(target_id).values(values | {"sent": TARGETS.c.sent + events}))


def keep_digest(connection: Connection, target_id: str, digest: str) -> None:
    """Write what waits for the next message of a target; empty once it was sent."""
    connection.execute(_the(target_id).values(digest=digest or None))


def failed(connection: Connection, target_id: str, *, attempts: int, next_at: int, error: str) -> None:
    """Let go of a target that took nothing."""
    values = {"attempts": attempts, "next_at": next_at, "error": error[:500], "claimed_by": "", "claimed_until": 0}
    connection.execute(_the(target_id).values(values))


def note_gone(connection: Connection, target_id: str) -> None:
    """Count a row that retention removed before a target took it."""
    connection.execute(_the(target_id).values(lost=TARGETS.c.lost + 1))


def note_lost(connection: Connection, removed_to: int) -> None:
    """Move targets on that were behind what retention removed, and count what they missed."""
    behind = update(TARGETS).where(TARGETS.c.cursor < removed_to)
    connection.execute(behind.values(lost=TARGETS.c.lost + (removed_to - TARGETS.c.cursor), cursor=removed_to))


def is_time(target: ExportTarget, now: int) -> bool:
    """Tell whether a target that takes digests may be sent the next one."""
    return target.last_sent_at is None or target.last_sent_at + target.digest_minutes * _MINUTE <= now


def _due(connection: Connection, now: int) -> Select[Any]:
    last = outbox.head(connection)
    # A target that has come to the end has the time 0, until somebody wants it to be looked at.
    told = or_(TARGETS.c.last_sent_at.is_(None), TARGETS.c.last_sent_at + TARGETS.c.digest_minutes * _MINUTE <= now)
    waits = or_(TARGETS.c.cursor < last, TARGETS.c.next_at > 0, and_(TARGETS.c.digest.is_not(None), told))
    open_now = (TARGETS.c.paused == 0, TARGETS.c.next_at <= now, TARGETS.c.claimed_until <= now)
    return select(TARGETS).where(*open_now, waits).order_by(TARGETS.c.next_at, TARGETS.c.target_id).limit(1)


def _the(target_id: str) -> Update:
    return update(TARGETS).where(TARGETS.c.target_id == target_id)


def _destination(target: ExportTarget, row: Row[Any]) -> Destination:
    return Destination(
        address=row.address,
        secret=row.secret,
        format=target.format,
        authorities=row.authorities,
        options=target.options,
    )


def _written(options: Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(sorted(options.items()))).decode()


def _target(row: object) -> ExportTarget:
    fields = {name: getattr(row, name) for name in ExportTarget._fields}
    options = msgspec.json.decode(fields["options"], type=dict[str, str])
    plain = {"topics": tuple(fields["topics"].split()), "paused": bool(fields["paused"]), "options": options}
    plain["digest"] = fields["digest"] or ""
    return ExportTarget(**fields | plain)
