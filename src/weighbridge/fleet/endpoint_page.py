"""One endpoint, from every context. Its owner sees the same page: what the fleet knows about a machine is no secret."""

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, case, func, select

from weighbridge.fleet import listed_endpoints, reads
from weighbridge.fleet.endpoints import Endpoint
from weighbridge.fleet.findings import FINDINGS, Finding
from weighbridge.fleet.inventory import THINGS
from weighbridge.fleet.listed_findings import WORST_FIRST
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.reads import Reader
from weighbridge.fleet.records import RECORDS
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.verdicts import VERDICTS, rule_ids

MOST = 50
"""Rows of one kind on the page; the lists show all."""
STRICTEST_FIRST = ("deny", "pending", "warn")


class Present(Struct, frozen=True, kw_only=True):
    """A thing that is on the endpoint."""

    kind: str
    name: str
    artifact: str
    path: str
    first_at: int
    last_at: int


class Process(Struct, frozen=True, kw_only=True):
    """A process that runs a model, or ran one."""

    pid: int | None
    name: str
    user: str
    runtime: str
    actor: str
    agent: str
    network: str
    decision: str
    first_at: int
    last_at: int
    ended_at: int | None
    weights: list[str]


class Judged(Struct, frozen=True, kw_only=True):
    """What policy said of an artifact here, and by which rules. Times are milliseconds since 1970, UTC."""

    sha256: str
    path: str
    """One of its places; empty if it is gone."""
    decision: str
    policy: str
    rules: list[str]
    at: int


class EndpointPage(Struct, frozen=True, kw_only=True):
    """Everything known of one endpoint; at most `MOST` of each, the latest first."""

    endpoint: Endpoint
    records: int
    """Entries of its ledger that the server has."""
    artifacts: int
    """Digests that are on it now."""
    kinds: dict[str, int]
    """How many things of each kind are on it now."""
    findings_held: int
    """Findings that hold; the page shows the latest."""
    things: list[Present]
    processes: list[Process]
    findings: list[Finding]
    judged: list[Judged]
    """Verdicts other than `allow`, the strictest first."""
    readers: list[Reader]
    """Who looked at this page and at the records, but for its own person."""


def read(connection: Connection, scope: Scope, endpoint_id: str) -> EndpointPage | None:
    """Return what is known of an endpoint; None if there is none within the scope."""
    found = listed_endpoints.endpoint(connection, scope, endpoint_id)
    if found is None:
        return None
    counted = select(func.count()).select_from(RECORDS).where(RECORDS.c.endpoint_id == endpoint_id)
    digests = select(func.count(SIGHTINGS.c.sha256.distinct())).where(
        SIGHTINGS.c.endpoint_id == endpoint_id, SIGHTINGS.c.places > 0
    )
    here = (THINGS.c.endpoint_id == endpoint_id, THINGS.c.ended_at.is_(None))
    kinds = select(THINGS.c.kind, func.count().label("number")).where(*here).group_by(THINGS.c.kind)
    things = select(*(THINGS.c[name] for name in Present.__struct_fields__)).where(*here)
    return EndpointPage(
        endpoint=found,
        records=connection.execute(counted).scalar_one(),
        artifacts=connection.execute(digests).scalar_one(),
        kinds={row.kind: row.number for row in connection.execute(kinds.order_by(THINGS.c.kind))},
        findings_held=connection.execute(
            select(func.count()).select_from(FINDINGS).where(*_held(endpoint_id))
        ).scalar_one(),
        things=[
            Present(**row._mapping)
            for row in connection.execute(things.order_by(THINGS.c.last_at.desc(), THINGS.c.subject).limit(MOST))
        ],
        processes=_processes(connection, endpoint_id),
        findings=_findings(connection, endpoint_id),
        judged=_judged(connection, endpoint_id),
        readers=reads.of_endpoint(connection, endpoint_id),
    )


def _processes(connection: Connection, endpoint_id: str) -> list[Process]:
    columns = [PROCESSES.c[name] for name in Process.__struct_fields__ if name != "weights"]
    query = select(*columns, PROCESSES.c.subject).where(PROCESSES.c.endpoint_id == endpoint_id)
    rows = connection.execute(query.order_by(PROCESSES.c.last_at.desc(), PROCESSES.c.subject).limit(MOST)).all()
    subjects = [row.subject for row in rows]
    weights: dict[str, list[str]] = {subject: [] for subject in subjects}
    held = select(WEIGHTS.c.subject, WEIGHTS.c.sha256).where(
        WEIGHTS.c.endpoint_id == endpoint_id, WEIGHTS.c.subject.in_(subjects)
    )
    for row in connection.execute(held.order_by(WEIGHTS.c.sha256)):
        weights[row.subject].append(row.sha256)
    names = [name for name in Process.__struct_fields__ if name != "weights"]
    return [Process(weights=weights[row.subject], **{name: getattr(row, name) for name in names}) for row in rows]


def _findings(connection: Connection, endpoint_id: str) -> list[Finding]:
    columns = [FINDINGS.c[name] for name in Finding.__struct_fields__]
    ordered = select(*columns).where(*_held(endpoint_id)).order_by(WORST_FIRST.desc(), FINDINGS.c.finding_id)
    return [Finding(**row._mapping) for row in connection.execute(ordered.limit(MOST))]


def _judged(connection: Connection, endpoint_id: str) -> list[Judged]:
    strictness = case({name: index for index, name in enumerate(STRICTEST_FIRST)}, value=VERDICTS.c.decision, else_=9)
    place = (SIGHTINGS.c.endpoint_id == VERDICTS.c.endpoint_id) & (SIGHTINGS.c.artifact == VERDICTS.c.artifact)
    columns = (VERDICTS.c.sha256, VERDICTS.c.decision, VERDICTS.c.policy, VERDICTS.c.rules, VERDICTS.c.at)
    query = (
        select(*columns, SIGHTINGS.c.path)
        .join_from(VERDICTS, SIGHTINGS, place)
        .where(VERDICTS.c.endpoint_id == endpoint_id, VERDICTS.c.decision != "allow", SIGHTINGS.c.places > 0)
        .order_by(strictness, VERDICTS.c.at.desc(), VERDICTS.c.sha256)
    )
    rows = connection.execute(query.limit(MOST))
    return [Judged(**{**row._mapping, "rules": rule_ids(row.rules)}) for row in rows]


def _held(endpoint_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (FINDINGS.c.endpoint_id == endpoint_id, FINDINGS.c.ended_at.is_(None))
