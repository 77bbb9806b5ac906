"""Work that outlives the request that asked for it, and the server that began it: a queue in the database.

Any server of the database takes the next job that is due, and says every few seconds that it is still at it. One that
falls silent has lost its job to the next server: whoever does a job must be able to begin it anew, wherever it ended.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, delete, insert, select, update

from weighbridge.fleet.tables import integer, reference_table

JOBS = reference_table(
    "hub_jobs",
    Column("job_id", String(16), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("worker", String(32), nullable=False),
    integer("tries", nullable=False),
    integer("added_at", nullable=False),
    integer("due_at", nullable=False),
    integer("beat_at", nullable=False),
    integer("done", nullable=False),
    integer("total", nullable=False),
    integer("finished_at"),
    Index(None, "state", "due_at"),
    Index(None, "subject"),
)
FETCH, WEIGH, CONVERT, SETTLE, RECORD = "fetch", "weigh", "convert", "settle", "record"
KINDS = (FETCH, WEIGH, CONVERT, SETTLE, RECORD)
"""Get files from elsewhere; look into them; write them in a safe format; put bytes where their states want them; write
into the ledger what was done."""
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
GONE_AFTER = 20_000
"""Milliseconds without a sign of life, after which another server takes a job up."""
MOST_TRIES = 5
KEPT = 90 * 24 * 3_600_000
"""Milliseconds that ended jobs are kept, to be looked at."""
_FIRST_WAIT, _LONGEST_WAIT = 5_000, 3_600_000


class Job(Struct, frozen=True, kw_only=True):
    """One job. Times are milliseconds since 1970, UTC."""

    job_id: str
    kind: str
    """One of `KINDS`."""
    subject: str
    """What it is about: the id of a release."""
    body: str
    """What else must be known, as JSON."""
    state: str
    reason: str
    """Why it failed, or why the last try did."""
    tries: int
    """How often it was begun."""
    added_at: int
    due_at: int
    """When it may begin."""
    beat_at: int
    done: int
    """How far it is, of `total`; 0 of 0 where that is not known."""
    total: int
    finished_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (WAITING, RUNNING)


_COLUMNS = [JOBS.c[name] for name in Job.__struct_fields__]


def add(connection: Connection, now: int, kind: str, subject: str, body: object = None, *, wait: int = 0) -> Job:
    """Put a job into the queue; one that waits and is of the same kind and subject is returned instead.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        kind: one of `KINDS`.
        subject: what it is about.
        body: what else must be known; values that JSON has.
        wait: milliseconds before it may begin.
    """
    same = JOBS.c.subject == subject, JOBS.c.kind == kind, JOBS.c.state == WAITING
    found = connection.execute(select(*_COLUMNS).where(*same)).first()
    if found is not None:
        return _job(found)
    job_id = secrets.token_hex(8)
    text = msgspec.json.encode(body if body is not None else {}).decode()
    names = {"job_id": job_id, "kind": kind, "subject": subject, "body": text, "state": WAITING}
    times = {"added_at": now, "due_at": now + wait, "beat_at": now}
    connection.execute(insert(JOBS).values(**names, **times, reason="", worker="", tries=0, done=0, total=0))
    return by_id(connection, job_id)


def by_id(connection: Connection, job_id: str) -> Job:
    """Return one job that is known to be there."""
    return _job(connection.execute(select(*_COLUMNS).where(JOBS.c.job_id == job_id)).one())


def about(connection: Connection, subject: str) -> list[Job]:
    """Return the jobs about something, the newest first."""
    wanted = select(*_COLUMNS).where(JOBS.c.subject == subject)
    return [_job(row) for row in connection.execute(wanted.order_by(JOBS.c.added_at.desc(), JOBS.c.job_id).limit(200))]


def unfinished(connection: Connection, *, limit: int = 200) -> list[Job]:
    """Return the jobs that wait or run, those that are due first."""
    wanted = select(*_COLUMNS).where(JOBS.c.state.in_((WAITING, RUNNING))).order_by(JOBS.c.due_at, JOBS.c.job_id)
    return [_job(row) for row in connection.execute(wanted.limit(limit))]


# What servers do


def next_due(connection: Connection, now: int, kinds: Sequence[str]) -> Job | None:
    """Return the job that `take` would take; None if nothing is due."""
    # A clock that was set back must not hide a server that is gone.
    silent = (JOBS.c.beat_at < now - GONE_AFTER) | (JOBS.c.beat_at > now + GONE_AFTER)
    due = ((JOBS.c.state == WAITING) & (JOBS.c.due_at <= now)) | ((JOBS.c.state == RUNNING) & silent)
    wanted = select(*_COLUMNS).where(JOBS.c.state.in_((WAITING, RUNNING)), JOBS.c.kind.in_(kinds), due)
    row = connection.execute(wanted.order_by(JOBS.c.due_at, JOBS.c.job_id).limit(1)).first()
    return None if row is None else _job(row)


def take(connection: Connection, now: int, kinds: Sequence[str], worker: str) -> Job | None:
    """Take the next job that is due, within a write; None if there is none."""
    while (job := next_due(connection, now, kinds)) is not None:
        # Two servers see the same job; the state and the last sign of life say whose it is.
        same = JOBS.c.job_id == job.job_id, JOBS.c.state == job.state, JOBS.c.beat_at == job.beat_at
        values = {"state": RUNNING, "worker": worker, "beat_at": now, "tries": job.tries + 1, "done": 0, "total": 0}
        if connection.execute(update(JOBS).where(*same, JOBS.c.tries == job.tries).values(**values)).rowcount == 1:
            return by_id(connection, job.job_id)
    return None


def beat(connection: Connection, now: int, job_id: str, worker: str, done: int = 0, total: int = 0) -> bool:
    """Say that a job is still worked on, and how far it is; tell whether it is still this worker's."""
    return _set(connection, job_id, worker, beat_at=now, done=done, total=total)


def finish(connection: Connection, now: int, job_id: str, worker: str) -> bool:
    """Say that a job is done; tell whether it was still this worker's."""
    return _set(connection, job_id, worker, state=DONE, reason="", finished_at=now)


def fail(connection: Connection, now: int, job_id: str, worker: str, reason: str) -> bool:
    """Say that a job cannot be done."""
    return _set(connection, job_id, worker, state=FAILED, reason=reason[:2_000], finished_at=now)


def put_back(connection: Connection, now: int, job: Job, worker: str, reason: str) -> bool:
    """Have a job tried again, later from time to time."""
    wait = min(_FIRST_WAIT << (2 * min(job.tries - 1, 10)), _LONGEST_WAIT)
    return _set(connection, job.job_id, worker, state=WAITING, reason=reason[:2_000], due_at=now + wait)


def let_go(connection: Connection, now: int, job: Job, worker: str) -> bool:
    """Give a job back that this server has no time to end, as if it had not been begun."""
    return _set(connection, job.job_id, worker, state=WAITING, due_at=now, tries=max(0, job.tries - 1))


def begin_anew(connection: Connection, now: int) -> int:
    """Let every job that runs be taken at once: nobody else can be at it, because this server is alone."""
    return connection.execute(update(JOBS).where(JOBS.c.state == RUNNING).values(state=WAITING, due_at=now)).rowcount


def cancel(connection: Connection, now: int, subject: str, reason: str) -> int:
    """End all jobs about something; return how many."""
    wanted = JOBS.c.subject == subject, JOBS.c.state.in_((WAITING, RUNNING))
    values = {"state": FAILED, "reason": reason[:2_000], "finished_at": now}
    return connection.execute(update(JOBS).where(*wanted).values(**values)).rowcount


def postpone(connection: Connection, until: int, kind: str, subject: str) -> None:
    """Let a job that waits wait for longer."""
    same = JOBS.c.subject == subject, JOBS.c.kind == kind, JOBS.c.state == WAITING, JOBS.c.due_at < until
    connection.execute(update(JOBS).where(*same).values(due_at=until))


def prune(connection: Connection, before: int) -> int:
    """Remove jobs that ended before a time; return how many."""
    return connection.execute(delete(JOBS).where(JOBS.c.finished_at < before)).rowcount


def _set(connection: Connection, job_id: str, worker: str, **values: object) -> bool:
    mine = JOBS.c.job_id == job_id, JOBS.c.state == RUNNING, JOBS.c.worker == worker
    return connection.execute(update(JOBS).where(*mine).values(**values)).rowcount == 1


def _job(row: Any) -> Job:  # noqa: ANN401  (a row of the table above)
    return Job(**row._mapping)
