"""Findings: what a person should know, from endpoints' records and from what the server sees of them itself."""

from collections.abc import Sequence
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, select, update

from weighbridge.fleet import outbox
from weighbridge.fleet.inventory import SUBJECT_LENGTH, Change, artifact_of, key_of
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import text, word

SERVER_CHECKS: dict[str, tuple[str, str]] = {
    "endpoint-silent": ("medium", "Nothing was heard of the endpoint for a while."),
    "inventory-differs": ("low", "The inventory here and at the endpoint differed; it was sent anew."),
    "ledger-forked": ("critical", "The ledger is another one than was sent before."),
    "ledger-replaced": ("high", "The endpoint came back with another ledger."),
    "ledger-rolled-back": ("critical", "An old state of the ledger was put back."),
    "records-missing": ("medium", "Records were removed at the endpoint before they were sent."),
}
"""What the server finds by itself: severity and what it says, by check."""
FINDINGS = endpoint_table(
    "findings",
    Column("finding_id", String(SUBJECT_LENGTH), primary_key=True),
    Column("source", String(16), nullable=False),
    Column("about", String(40), nullable=False),
    Column("check_id", String(80), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("message", Text, nullable=False),
    Column("artifact", String(80), nullable=False),
    Column("path", Text, nullable=False),
    Column("place", Text, nullable=False),
    integer("first_at", nullable=False),
    integer("last_at", nullable=False),
    integer("ended_at"),
    Index(None, "check_id", "ended_at"),
    Index(None, "artifact", "last_at"),
    Index(None, "ended_at", "severity"),
)
ENDPOINT, SERVER = "endpoint", "server"
_AT_ONCE = 400


class Finding(Struct, frozen=True, kw_only=True):
    """One finding on one endpoint."""

    endpoint_id: str
    finding_id: str
    source: str
    about: str
    """`artifact`, `process`, `agents`, or `endpoint` for those of the server."""
    check_id: str
    severity: str
    confidence: str
    message: str
    artifact: str
    path: str
    place: str
    """Where in it: tensor, key, byte."""
    first_at: int
    last_at: int
    ended_at: int | None


def take(connection: Connection, endpoint_id: str, changes: Sequence[Change]) -> None:
    """Take in what records say about findings."""
    last = {key_of(change.subject): change for change in changes if change.kind == "finding"}
    rows = []
    for key, change in last.items():
        if change.ended:
            _end(connection, endpoint_id, key, change.at)
            continue
        data = change.record.data
        rows.append(
            {
                "endpoint_id": endpoint_id,
                "finding_id": key,
                "source": ENDPOINT,
                "about": word(data, "of", 40) or "",
                "check_id": word(data, "check", 80) or "",
                "severity": word(data, "severity", 16) or "",
                "confidence": word(data, "confidence", 16) or "",
                "message": word(data, "message", 4096) or "",
                "artifact": artifact_of("finding", data),
                "path": word(data, "path", 4096) or "",
                "place": word(data, "where", 1000) or "",
                "first_at": change.at,
                "last_at": change.at,
                "ended_at": None,
            }
        )
    for at in range(0, len(rows), _AT_ONCE):
        upsert(connection, FINDINGS, rows[at : at + _AT_ONCE], keep=("first_at",))


def open_server_finding(
    connection: Connection, endpoint_id: str, check_id: str, now: int, message: str = "", place: str = ""
) -> None:
    """Take note of something that the server saw itself: one of `SERVER_CHECKS`."""
    severity, says = SERVER_CHECKS[check_id]
    if not _is_open(connection, endpoint_id, _server_id(check_id)):
        told = {"check": check_id, "severity": severity, "message": text(message or says, 4096), "place": place}
        outbox.tell(connection, endpoint_id, outbox.FINDING, told, now)
    row = {
        "endpoint_id": endpoint_id,
        "finding_id": _server_id(check_id),
        "source": SERVER,
        "about": "endpoint",
        "check_id": check_id,
        "severity": severity,
        "confidence": "high",
        "message": text(message or says, 4096),
        "artifact": "",
        "path": "",
        "place": text(place, 1000) or "",
        "first_at": now,
        "last_at": now,
        "ended_at": None,
    }
    upsert(connection, FINDINGS, [row], keep=("first_at",))


def end_server_finding(connection: Connection, endpoint_id: str, check_id: str, now: int) -> bool:
    """Take note that it is over; return whether it was there."""
    return _end(connection, endpoint_id, _server_id(check_id), now)


def endpoints_with(connection: Connection, check_id: str) -> frozenset[str]:
    """Return the endpoints on which a check has a finding that has not ended."""
    query = select(FINDINGS.c.endpoint_id).where(FINDINGS.c.check_id == check_id, FINDINGS.c.ended_at.is_(None))
    return frozenset(connection.execute(query).scalars())


def of_endpoint(connection: Connection, endpoint_id: str, *, with_ended: bool = False) -> list[Finding]:
    """Return the findings of one endpoint, the latest first."""
    columns = [FINDINGS.c[name] for name in Finding.__struct_fields__]
    query = select(*columns).where(FINDINGS.c.endpoint_id == endpoint_id)
    if not with_ended:
        query = query.where(FINDINGS.c.ended_at.is_(None))
    rows = connection.execute(query.order_by(FINDINGS.c.last_at.desc(), FINDINGS.c.finding_id).limit(1000))
    return [Finding(**row._mapping) for row in rows]


def _is_open(connection: Connection, endpoint_id: str, finding_id: str) -> bool:
    same = select(FINDINGS.c.ended_at).where(FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.finding_id == finding_id)
    found = connection.execute(same).first()
    return found is not None and found.ended_at is None


def _end(connection: Connection, endpoint_id: str, finding_id: str, now: int) -> bool:
    named = update(FINDINGS).where(
        FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.finding_id == finding_id, FINDINGS.c.ended_at.is_(None)
    )
    return connection.execute(named.values(ended_at=now, last_at=now)).rowcount == 1


def _server_id(check_id: str) -> str:
    return sha256(f"server {check_id}".encode()).hexdigest()[:SUBJECT_LENGTH]
