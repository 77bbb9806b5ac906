"""From rows of the outbox to events, as every export format takes them. Reads the records that rows speak of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from weighbridge import __version__
from weighbridge.export.event import Event
from weighbridge.export.records import record_events
from weighbridge.fleet import outbox, records, triage
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import server_finding_id
from weighbridge.fleet.inventory import key_of
from weighbridge.fleet.outbox import Row
from weighbridge.fleet.triage import Which
from weighbridge.ledger.entry import decode, timestamp
from weighbridge.pipeline.watch_decide import subject_of

RECORD, FINDING, DECISION = "record", "finding", "decision"
TOPICS = (RECORD, FINDING, DECISION)
"""What a target can ask for: what endpoints record, what speaks against something, what people decided."""
SEVERITIES = ("info", "low", "medium", "high", "critical")


class Outgoing(NamedTuple):
    """One event on its way."""

    event: Event
    topic: str
    """One of `TOPICS`."""
    endpoint_id: str
    finding_id: str = ""
    """Of the finding that it is about; empty if it is about none."""
    is_over: bool = False
    """Whether that finding is not there any more."""
    about: tuple[Which, ...] = ()
    """The findings that people decided about."""
    tickets: tuple[tuple[Which, str], ...] = ()
    """Issues that these findings have in the target."""


def outgoing(connection: Connection, row: Row, name: str) -> list[Outgoing]:
    """Return the events of a row.

    Args:
        connection: to read with.
        row: of the outbox.
        name: of the endpoint; empty if it has none.
    """
    machine = name or row.endpoint_id
    if row.topic == outbox.RECORDS:
        return _of_records(connection, row, machine)
    body: Mapping[str, Any] = msgspec.json.decode(row.body)
    event = _told(row, body, machine)
    if row.topic == outbox.DECISION:
        about = triage.touched(connection, str(body.get("change_id", "")))
        return [Outgoing(event, DECISION, row.endpoint_id, about=tuple(about))]
    finding_id = str(body.get("finding_id") or server_finding_id(event.check))
    return [Outgoing(event, FINDING, row.endpoint_id, finding_id)]


def names_of(connection: Connection, rows: Sequence[Row]) -> dict[str, str]:
    """Return the host names of the endpoints in rows, by id."""
    ids = sorted({row.endpoint_id for row in rows if row.endpoint_id})
    wanted = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.name).where(ENDPOINTS.c.endpoint_id.in_(ids))
    return {row.endpoint_id: row.name for row in connection.execute(wanted)} if ids else {}


def is_wanted(one: Outgoing, topics: Sequence[str], severity: str, *, ends: bool = False) -> bool:
    """Tell whether a target that asks for these topics, and for this severity at least, is sent an event.

    Args:
        one: the event.
        topics: what it asks for.
        severity: the least.
        ends: whether it is also told that a finding is over, which has no severity.
    """
    if one.is_over and ends and FINDING in topics:
        return True
    if one.topic not in topics:
        return False
    return one.topic == DECISION or _rank(one.event.severity) >= _rank(severity)


def _of_records(connection: Connection, row: Row, machine: str) -> list[Outgoing]:
    kept = records.of_endpoint(connection, row.endpoint_id, after=row.first - 1, limit=row.records)
    found = []
    for one in kept:
        record = decode(one.entry) if one.record_index < row.first + row.records else None
        if record is None:
            continue
        event = next(iter(record_events([record], machine, __version__)))
        named = replace(event, id=_id(row.endpoint_id, one.record_index), index=one.record_index)
        speaks_against = event.kind == "finding" or event.decision in ("deny", "warn", "pending")
        is_finding = record.kind.removesuffix("-end") == "finding"
        subject = subject_of(record) if is_finding else None
        found.append(
            Outgoing(
                named,
                FINDING if speaks_against else RECORD,
                row.endpoint_id,
                "" if subject is None else key_of(subject),
                record.kind == "finding-end",
            )
        )
    last = row.first + row.records
    if missing := row.records - sum(1 for one in kept if one.record_index < last):
        found.append(Outgoing(_missing(row, missing, machine), RECORD, row.endpoint_id))
    return found


def _missing(row: Row, missing: int, machine: str) -> Event:
    last = row.first + row.records - 1
    return Event(
        kind="record",
        id=_id(row.endpoint_id, f"missing {row.first}"),
        at=_at(row),
        machine=machine,
        tool_version=__version__,
        message=f"Retention removed {missing} of the records {row.first} to {last} before they were sent",
        severity="medium",
        record_kind="gap",
    )


def _told(row: Row, body: Mapping[str, Any], machine: str) -> Event:
    """Return what the server saw itself, or what people decided."""
    decided = row.topic == outbox.DECISION
    return Event(
        kind="record" if decided else "finding",
        id=_id(row.endpoint_id, row.row_id),
        at=_at(row),
        machine=machine,
        tool_version=__version__,
        message=str(body.get("message", "")),
        severity=str(body.get("severity", "info")),
        check="" if decided else str(body.get("check", "")),
        confidence="" if decided else "high",
        user=str(body.get("by", "")),
        reason=str(body.get("reason", "")),
        record_kind=DECISION if decided else "finding",
        original=row.body,
    )


def _at(row: Row) -> str:
    return timestamp(datetime.fromtimestamp(row.at / 1000, UTC))


def _id(endpoint_id: str, what: object) -> str:
    """Return the id of an event: the same whenever and wherever it is sent."""
    return sha256(f"{endpoint_id} {what}".encode()).hexdigest()[:32]


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0
