"""What was done with releases and requests, step by step: written with the step, then into the hub's ledger.

A step is a row in the transaction of what it tells of, so that none is lost and none is told that did not happen. A job
carries the rows into the ledger (`chronicle.py`), where nobody can quietly rewrite them.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import count

import msgspec
from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, bindparam, insert, select, update

from weighbridge.fleet import audit, outbox
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import jobs

STEPS = reference_table(
    "hub_steps",
    Column("step_id", String(28), primary_key=True),
    integer("at", nullable=False),
    Column("subject", String(16), nullable=False),
    Column("step", String(32), nullable=False),
    Column("by_name", String(128), nullable=False),
    Column("why", Text, nullable=False),
    Column("detail", Text, nullable=False),
    integer("is_recorded", nullable=False),
    Index(None, "subject"),
    Index(None, "is_recorded", "step_id"),
)
POLICY, TIME, HUB = "policy", "time", "hub"
"""Who does what nobody did: the policy approved it, its time was over, the hub itself fetched or weighed it."""
_COUNTER = count()


class Step(Struct, frozen=True, kw_only=True):
    """One step."""

    step_id: str
    at: int
    """Milliseconds since 1970, UTC."""
    subject: str
    """The id of the release or request."""
    step: str
    """`request`, `fetch`, `weigh`, `approve`, ..."""
    by_name: str
    why: str
    detail: dict[str, object]


def note(
    connection: Connection,
    now: int,
    who: Viewer | str,
    step: str,
    subject: str,
    *,
    why: str = "",
    detail: Mapping[str, object] | None = None,
    said: str = "",
) -> None:
    """Write a step, within the write of what it tells of.

    Args:
        connection: of that write.
        now: milliseconds since 1970.
        who: did it: an account, or one of `POLICY`, `TIME`, `HUB`.
        step: what.
        subject: the id of a release or request.
        why: in words.
        detail: values that JSON has.
        said: a sentence for other products; empty: they are not told.
    """
    name = who if isinstance(who, str) else who.name
    told = dict(detail or {})
    step_id = f"{max(now, 0):012x}{next(_COUNTER) & 0xFFFFFF:06x}{secrets.token_hex(5)}"
    values = {"step_id": step_id, "at": now, "subject": subject, "step": step, "by_name": name[:128]}
    text = msgspec.json.encode(told).decode()
    connection.execute(insert(STEPS).values(**values, why=why[:4_000], detail=text, is_recorded=0))
    jobs.add(connection, now, jobs.RECORD, "hub")
    if not isinstance(who, str):
        audit.note(connection, now, who, f"model.{step}", subject, told | ({"reason": why} if why else {}))
    if said:
        body = {"change_id": step_id, "by": name, "message": said, "severity": "info", "reason": why}
        outbox.tell(connection, "", outbox.DECISION, told | body, now)


def about(connection: Connection, subjects: Sequence[str]) -> list[Step]:
    """Return what was done with releases and requests, the first step first."""
    wanted = select(STEPS).where(STEPS.c.subject.in_(subjects)).order_by(STEPS.c.step_id).limit(1_000)
    return [_step(row) for row in connection.execute(wanted)]


def unrecorded(connection: Connection, limit: int) -> list[Step]:
    """Return steps that are not in the ledger yet, the first step first."""
    wanted = select(STEPS).where(STEPS.c.is_recorded == 0).order_by(STEPS.c.step_id).limit(limit)
    return [_step(row) for row in connection.execute(wanted)]


def note_recorded(connection: Connection, step_ids: Iterable[str]) -> None:
    """Say that steps are in the ledger."""
    rows = [{"which": step_id} for step_id in step_ids]
    if rows:
        connection.execute(update(STEPS).where(STEPS.c.step_id == bindparam("which")).values(is_recorded=1), rows)


def _step(row: object) -> Step:
    fields = {name: getattr(row, name) for name in Step.__struct_fields__}
    return Step(**fields | {"detail": msgspec.json.decode(fields["detail"], type=dict[str, object])})
