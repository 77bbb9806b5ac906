"""Findings: what a person should know, from endpoints' records and from what the server sees of them itself."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Select,
    String,
    Text,
    bindparam,
    delete,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy import text as sql_text

from weighbridge.fleet import finding_counts, outbox
from weighbridge.fleet.finding_counts import SEVERITIES, counted
from weighbridge.fleet.inventory import SUBJECT_LENGTH, Change, artifact_of
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.statements import insert_or, upsert
from weighbridge.fleet.tables import endpoint_table, integer
from weighbridge.fleet.untrusted import text, word
from weighbridge.fleet.visible import visible

SERVER_CHECKS: dict[str, tuple[str, str]] = {
    "endpoint-silent": ("medium", "Nothing was heard of the endpoint for a while."),
    "inventory-differs": ("low", "The inventory here and at the endpoint differed; it was sent anew."),
    "ledger-forked": ("critical", "The ledger is another one than was sent before."),
    "ledger-replaced": ("high", "The endpoint came back with another ledger."),
    "ledger-rolled-back": ("critical", "An old state of the ledger was put back."),
    "records-missing": ("medium", "Records were removed at the endpoint before they were sent."),
    "revoked-model": ("critical", "The model was revoked."),
}
"""What the server finds by itself: severity and what it says, by check."""


def rank_of(severity: object) -> int:
    """Return the place of a severity among all, 0 for the mildest and for what is none: what lists are ordered by."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _of_open(first: str) -> Index:
    """Return an index on the findings that hold, in the order in which a list shows them."""
    return _of((first, "endpoint_id", "finding_id"), "ended_at IS NULL", f"ix_findings_open_{first}")


def _of(columns: Sequence[str], condition: str, name: str) -> Index:
    """Return an index on some of the findings. Apart, so that no planner looks for those that hold among the ended."""
    return Index(name, *columns, sqlite_where=sql_text(condition), postgresql_where=sql_text(condition))


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
    integer("severity_rank", nullable=False, server_default="0"),
    Index(None, "check_id", "ended_at"),
    Index(None, "artifact", "last_at"),
    Index(None, "severity_rank", "endpoint_id", "finding_id"),
    Index(None, "last_at", "endpoint_id", "finding_id"),
    Index(None, "source", "severity_rank", "endpoint_id", "finding_id"),
    _of(("ended_at", "endpoint_id", "finding_id"), "ended_at IS NOT NULL", "ix_findings_ended"),
    _of_open("severity_rank"),
    _of_open("last_at"),
    _of_open("first_at"),
    _of_open("check_id"),
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
    last = {change.key: change for change in changes if change.kind == "finding"}
    if not last:
        return
    told = {word(change.record.data, "check", 80) or "" for change in last.values()}
    with counted(connection, endpoint_id, told | _checks_of(connection, endpoint_id, [*last])):
        _take(connection, endpoint_id, last)


def _take(connection: Connection, endpoint_id: str, last: Mapping[str, Change]) -> None:
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
                "severity_rank": rank_of(data.get("severity")),
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
    if not _is_open(connection, endpoint_id, server_finding_id(check_id)):
        told = {"check": check_id, "severity": severity, "message": text(message or says, 4096), "place": place}
        outbox.tell(connection, endpoint_id, outbox.FINDING, told, now)
    row = {
        "endpoint_id": endpoint_id,
        "finding_id": server_finding_id(check_id),
        "source": SERVER,
        "about": "endpoint",
        "check_id": check_id,
        "severity": severity,
        "severity_rank": rank_of(severity),
        "confidence": "high",
        "message": text(message or says, 4096),
        "artifact": "",
        "path": "",
        "place": text(place, 1000) or "",
        "first_at": now,
        "last_at": now,
        "ended_at": None,
    }
    with counted(connection, endpoint_id, [check_id]):
        upsert(connection, FINDINGS, [row], keep=("first_at",))


def end_server_finding(connection: Connection, endpoint_id: str, check_id: str, now: int) -> bool:
    """Take note that it is over; return whether it was there."""
    with counted(connection, endpoint_id, [check_id]):
        return _end(connection, endpoint_id, server_finding_id(check_id), now)


def open_on_endpoints(
    connection: Connection, check_id: str, sha256: str, where: Select[tuple[str, str]], now: int, message: str
) -> int:
    """Take note of something about one artifact on many endpoints at once; return on how many.

    Whoever calls tells of it once: a hundred thousand endpoints are one notification.

    Args:
        connection: within a write.
        check_id: one of `SERVER_CHECKS`.
        sha256: of the artifact.
        where: a query for endpoints, each once, with the path of one place.
        now: milliseconds since 1970.
        message: what it says.
    """
    places = where.subquery()
    row = _of_artifact("", check_id, sha256, "", now, message)
    given = {"endpoint_id": places.c.endpoint_id, "path": places.c.path}
    columns = [given[name] if name in given else literal(value, FINDINGS.c[name].type) for name, value in row.items()]
    statement = insert_or(connection, FINDINGS).from_select([*row], select(*columns).where(true()))
    # What was over begins anew.
    fresh = {name: statement.excluded[name] for name in ("message", "path", "last_at", "ended_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["endpoint_id", "finding_id"], set_=fresh))
    finding_counts.recount(connection, check_id)
    named = FINDINGS.c.finding_id == row["finding_id"], FINDINGS.c.ended_at.is_(None)
    counted = select(func.count()).select_from(FINDINGS).where(*named, FINDINGS.c.artifact == sha256)
    return int(connection.execute(counted).scalar_one())


def open_for_artifact(
    connection: Connection, endpoint_id: str, check_id: str, sha256: str, path: str, now: int, message: str
) -> None:
    """Take note of something about one artifact on one endpoint, and tell of it if it is new."""
    row = _of_artifact(endpoint_id, check_id, sha256, path, now, message)
    if not _is_open(connection, endpoint_id, str(row["finding_id"])):
        told = {"check": check_id, "severity": row["severity"], "message": row["message"], "place": path}
        outbox.tell(connection, endpoint_id, outbox.FINDING, told, now)
    with counted(connection, endpoint_id, [check_id]):
        upsert(connection, FINDINGS, [row], keep=("first_at",))


def end_on_endpoints(
    connection: Connection, check_id: str, sha256: str, now: int, endpoint_id: str | None = None
) -> int:
    """Take note that something about one artifact is over, everywhere or on one endpoint; return on how many."""
    named = [FINDINGS.c.finding_id == server_finding_id(f"{check_id} {sha256}"), FINDINGS.c.ended_at.is_(None)]
    # The index of artifacts finds them, as findings of one id lie on many endpoints.
    named.append(FINDINGS.c.artifact == sha256)
    if endpoint_id is not None:
        named.append(FINDINGS.c.endpoint_id == endpoint_id)
    ended = int(connection.execute(update(FINDINGS).where(*named).values(ended_at=now, last_at=now)).rowcount)
    if ended:
        finding_counts.recount(connection, check_id)
    return ended


def prune(connection: Connection, before: int, limit: int) -> list[tuple[str, str]]:
    """Remove findings that ended before a time, the earliest first; return their endpoints and ids.

    Args:
        connection: within a write.
        before: milliseconds since 1970.
        limit: how many at most.
    """
    key = (FINDINGS.c.endpoint_id, FINDINGS.c.finding_id)
    earliest = select(*key).where(FINDINGS.c.ended_at < before).order_by(FINDINGS.c.ended_at, *key).limit(limit)
    keys = [(row[0], row[1]) for row in connection.execute(earliest.with_for_update(skip_locked=True))]
    if keys:
        one = delete(FINDINGS).where(key[0] == bindparam("whose"), key[1] == bindparam("which"))
        connection.execute(one, [{"whose": whose, "which": which} for whose, which in keys])
    return keys


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


def _of_artifact(endpoint_id: str, check_id: str, sha256: str, path: str, now: int, message: str) -> dict[str, object]:
    severity, says = SERVER_CHECKS[check_id]
    return {
        "endpoint_id": endpoint_id,
        "finding_id": server_finding_id(f"{check_id} {sha256}"),
        "source": SERVER,
        "about": "artifact",
        "check_id": check_id,
        "severity": severity,
        "severity_rank": rank_of(severity),
        "confidence": "high",
        "message": text(message or says, 4096),
        "artifact": sha256,
        "path": path,
        "place": "",
        "first_at": now,
        "last_at": now,
        "ended_at": None,
    }


def _checks_of(connection: Connection, endpoint_id: str, finding_ids: Sequence[str]) -> set[str]:
    """Return the checks of findings that are there."""
    found: set[str] = set()
    for at in range(0, len(finding_ids), _AT_ONCE):
        some = FINDINGS.c.finding_id.in_(finding_ids[at : at + _AT_ONCE])
        query = select(FINDINGS.c.check_id).where(FINDINGS.c.endpoint_id == endpoint_id, some)
        found |= {*connection.execute(query).scalars()}
    return found


def is_seen(connection: Connection, scope: Scope, endpoint_id: str, finding_id: str) -> bool:
    """Tell whether there is such a finding within a scope, ended or not."""
    which = FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.finding_id == finding_id, visible(FINDINGS, scope)
    return connection.execute(select(FINDINGS.c.finding_id).where(*which)).first() is not None


def _is_open(connection: Connection, endpoint_id: str, finding_id: str) -> bool:
    same = select(FINDINGS.c.ended_at).where(FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.finding_id == finding_id)
    found = connection.execute(same).first()
    return found is not None and found.ended_at is None


def _end(connection: Connection, endpoint_id: str, finding_id: str, now: int) -> bool:
    named = update(FINDINGS).where(
        FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.finding_id == finding_id, FINDINGS.c.ended_at.is_(None)
    )
    return connection.execute(named.values(ended_at=now, last_at=now)).rowcount == 1


def server_finding_id(check_id: str) -> str:
    """Return the id of what the server itself finds by a check; an endpoint has it once."""
    return sha256(f"server {check_id}".encode()).hexdigest()[:SUBJECT_LENGTH]
