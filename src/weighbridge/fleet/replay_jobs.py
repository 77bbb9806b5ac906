"""Replays that somebody asked for: a queue in the database, so that a result outlives request, browser and server.

Any server of the database takes the next one that waits. One whose server is gone is taken up anew, from the beginning:
a replay reads and changes nothing. Who sees a result is who sees as much of the fleet as who asked for it.
"""

import secrets
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, Index, LargeBinary, Select, String, Text, delete, insert, select, update

from weighbridge.fleet import policy_versions
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.replay_result import Replay
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError

REPLAYS = reference_table(
    "policy_replays",
    Column("replay_id", String(16), primary_key=True),
    integer("number", nullable=False),
    integer("against", nullable=False),
    integer("days", nullable=False),
    Column("scope", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", String(255), nullable=False),
    integer("asked_at", nullable=False),
    integer("tries", nullable=False),
    integer("beat_at", nullable=False),
    integer("done", nullable=False),
    integer("total", nullable=False),
    integer("finished_at"),
    Column("result", LargeBinary),
    Index(None, "state", "asked_at"),
)
WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED)
_OPEN = (WAITING, RUNNING)
KEPT = 40
"""Results that are kept, the newest."""
MOST_WAITING = 10
GONE_AFTER = 60_000
"""Milliseconds without a sign of life, after which another server takes a replay up."""
_TRIES = 3


class Job(Struct, frozen=True, kw_only=True):
    """A replay that somebody asked for. Times are milliseconds since 1970, UTC."""

    replay_id: str
    number: int
    against: int
    """The policy that it is compared with."""
    days: int
    state: str
    """One of `STATES`."""
    reason: str
    """Why it failed."""
    asked_by: str
    asked_at: int
    done: int
    """Endpoints that were gone through."""
    total: int
    finished_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in _OPEN

    @property
    def percent(self) -> int:
        """How far it is."""
        return 100 if self.state == DONE else min(99, self.done * 100 // self.total) if self.total else 0


class JobResult(Struct, frozen=True, kw_only=True):
    """A replay, and what came of it; None while nothing did."""

    job: Job
    result: Replay | None


class Taken(Struct, frozen=True, kw_only=True):
    """A replay that a server took to run."""

    replay_id: str
    number: int
    against: int
    days: int
    asked_at: int
    scope: Scope


def ask(
    connection: Connection,
    now: int,
    who: str,
    number: int,
    *,
    days: int = 30,
    against: int = 0,
    scope: Scope = EVERYTHING,
) -> Job:
    """Put a replay into the queue; one that waits or runs and is the same is returned instead.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: asks.
        number: of the policy.
        days: how far to look back.
        against: another policy to compare with; 0 for the one in force.
        scope: what the asker sees.

    Raises:
        WeighbridgeError: `E-policy-number`; `E-replay-busy`: too many wait.
    """
    policy_versions.version(connection, number)
    base = against or policy_versions.in_force(connection) or number
    policy_versions.version(connection, base)
    text = _text(scope)
    same = (REPLAYS.c.number == number, REPLAYS.c.against == base, REPLAYS.c.days == days, REPLAYS.c.scope == text)
    found = connection.execute(select(REPLAYS.c.replay_id).where(*same, REPLAYS.c.state.in_(_OPEN))).scalar()
    if found is not None:
        return _job(connection, found)
    waiting = connection.execute(select(REPLAYS.c.replay_id).where(REPLAYS.c.state.in_(_OPEN))).all()
    if len(waiting) >= MOST_WAITING:
        raise WeighbridgeError(
            "E-replay-busy", f"{MOST_WAITING} replays wait already", "wait for one of them, or cancel one"
        )
    replay_id = secrets.token_hex(8)
    values = {"replay_id": replay_id, "number": number, "against": base, "days": days, "scope": text}
    values |= {"state": WAITING, "reason": "", "asked_by": who[:255], "asked_at": now, "tries": 0}
    connection.execute(insert(REPLAYS).values(**values, beat_at=now, done=0, total=0))
    old = select(REPLAYS.c.replay_id).where(REPLAYS.c.state.not_in(_OPEN)).order_by(REPLAYS.c.asked_at.desc())
    connection.execute(
        delete(REPLAYS).where(REPLAYS.c.replay_id.in_([*connection.execute(old.offset(KEPT)).scalars()]))
    )
    return _job(connection, replay_id)


def jobs(connection: Connection, scope: Scope) -> list[Job]:
    """Return the replays that a viewer may see, the newest first."""
    rows = connection.execute(_seen(scope).order_by(REPLAYS.c.asked_at.desc()).limit(KEPT + MOST_WAITING))
    return [Job(**row._mapping) for row in rows]


def job(connection: Connection, replay_id: str, scope: Scope) -> JobResult | None:
    """Return a replay and what came of it; None if there is none that this viewer may see."""
    row = connection.execute(_seen(scope).where(REPLAYS.c.replay_id == replay_id)).first()
    if row is None:
        return None
    content = connection.execute(select(REPLAYS.c.result).where(REPLAYS.c.replay_id == replay_id)).scalar()
    result = None if content is None else msgspec.json.decode(content, type=Replay)
    return JobResult(job=Job(**row._mapping), result=result)


def cancel(connection: Connection, now: int, replay_id: str, scope: Scope) -> Job | None:
    """End a replay that waits or runs; None if there is none that this viewer may see."""
    if connection.execute(_seen(scope).where(REPLAYS.c.replay_id == replay_id)).first() is None:
        return None
    named = REPLAYS.c.replay_id == replay_id, REPLAYS.c.state.in_(_OPEN)
    connection.execute(update(REPLAYS).where(*named).values(state=CANCELLED, finished_at=now))
    return _job(connection, replay_id)


# What servers do


def is_waiting(connection: Connection, now: int) -> bool:
    """Tell whether there is a replay to take."""
    return connection.execute(_takeable(now).limit(1)).first() is not None


def take(connection: Connection, now: int) -> Taken | None:
    """Take the next replay, within a write; None if there is none. One that ended its server too often has failed."""
    while True:
        row = connection.execute(_takeable(now).order_by(REPLAYS.c.asked_at, REPLAYS.c.replay_id).limit(1)).first()
        if row is None:
            return None
        named = REPLAYS.c.replay_id == row.replay_id, REPLAYS.c.state == row.state, REPLAYS.c.beat_at == row.beat_at
        if row.tries >= _TRIES:
            reason = "the server that weighed it ended, several times"
            connection.execute(update(REPLAYS).where(*named).values(state=FAILED, reason=reason, finished_at=now))
            continue
        values = {"state": RUNNING, "beat_at": now, "tries": row.tries + 1, "done": 0}
        if connection.execute(update(REPLAYS).where(*named).values(**values)).rowcount == 1:
            names = ("replay_id", "number", "against", "days", "asked_at")
            scope = msgspec.json.decode(row.scope, type=Scope)
            return Taken(scope=scope, **{name: getattr(row, name) for name in names})


def beat(connection: Connection, now: int, replay_id: str, done: int, total: int) -> bool:
    """Say how far a replay is; tell whether it is still wanted."""
    named = REPLAYS.c.replay_id == replay_id, REPLAYS.c.state == RUNNING
    values = {"beat_at": now, "done": done, "total": total}
    return connection.execute(update(REPLAYS).where(*named).values(**values)).rowcount == 1


def finish(connection: Connection, now: int, replay_id: str, result: Replay) -> None:
    """Keep what came of a replay, unless it was cancelled."""
    named = REPLAYS.c.replay_id == replay_id, REPLAYS.c.state == RUNNING
    content = msgspec.json.encode(result)
    connection.execute(update(REPLAYS).where(*named).values(state=DONE, finished_at=now, result=content))


def fail(connection: Connection, now: int, replay_id: str, reason: str) -> None:
    """Keep why a replay failed."""
    named = REPLAYS.c.replay_id == replay_id, REPLAYS.c.state == RUNNING
    connection.execute(update(REPLAYS).where(*named).values(state=FAILED, finished_at=now, reason=reason[:2000]))


def _takeable(now: int) -> Select[Any]:
    names = ("replay_id", "number", "against", "days", "asked_at", "scope", "state", "beat_at", "tries")
    # A clock that was set back must not hide a server that is gone.
    silent = (REPLAYS.c.beat_at < now - GONE_AFTER) | (REPLAYS.c.beat_at > now + GONE_AFTER)
    return select(*(REPLAYS.c[name] for name in names)).where(
        (REPLAYS.c.state == WAITING) | ((REPLAYS.c.state == RUNNING) & silent)
    )


def _seen(scope: Scope) -> Select[Any]:
    query = select(*(REPLAYS.c[name] for name in Job.__struct_fields__))
    return query if scope == EVERYTHING else query.where(REPLAYS.c.scope == _text(scope))


def _job(connection: Connection, replay_id: str) -> Job:
    columns = (REPLAYS.c[name] for name in Job.__struct_fields__)
    row = connection.execute(select(*columns).where(REPLAYS.c.replay_id == replay_id)).one()
    return Job(**row._mapping)


def _text(scope: Scope) -> str:
    groups = None if scope.groups is None else sorted(scope.groups)
    return msgspec.json.encode({"groups": groups, "endpoint_id": scope.endpoint_id}).decode()
