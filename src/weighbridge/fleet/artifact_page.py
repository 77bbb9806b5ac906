"""One digest, from every context: where it is and was, what it is, who ran it, what policy and checks say of it."""

from msgspec import Struct
from sqlalchemy import Connection, select

from weighbridge.fleet import exceptions, listed_artifacts, revocations
from weighbridge.fleet.artifacts import Artifact
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.exceptions import Excepted
from weighbridge.fleet.findings import FINDINGS, Finding
from weighbridge.fleet.listed_artifacts import Spread
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import PROCESSES, WEIGHTS, Run
from weighbridge.fleet.revocations import Revocation
from weighbridge.fleet.sightings import SIGHTINGS, Sighting
from weighbridge.fleet.verdicts import VERDICTS, Verdict
from weighbridge.fleet.visible import visible

MOST = 50
"""Rows of one kind on the page; the lists show all."""


class ArtifactPage(Struct, frozen=True, kw_only=True):
    """Everything known of one digest within a scope; at most `MOST` of each, the latest first."""

    artifact: Artifact
    spread: Spread
    sightings: list[Sighting]
    runs: list[Run]
    verdicts: list[Verdict]
    findings: list[Finding]
    endpoint_names: dict[str, str]
    """Host names of the endpoints that are named here."""
    revocation: Revocation | None
    """None: it is not revoked."""
    exceptions: list[Excepted]
    """That were asked for or granted for it."""


def read(connection: Connection, scope: Scope, sha256: str) -> ArtifactPage | None:
    """Return what is known of a digest; None if nothing is within the scope."""
    found = listed_artifacts.artifact(connection, scope, sha256)
    if found is None:
        return None
    sightings = _sightings(connection, scope, sha256)
    runs = _runs(connection, scope, sha256)
    verdicts = _verdicts(connection, scope, sha256)
    findings = _findings(connection, scope, sha256)
    named = {one.endpoint_id for one in sightings} | {one.endpoint_id for one in runs}
    named |= {one.endpoint_id for one in verdicts} | {one.endpoint_id for one in findings}
    names = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.name).where(ENDPOINTS.c.endpoint_id.in_(sorted(named)))
    return ArtifactPage(
        artifact=found,
        spread=listed_artifacts.spread(connection, scope, [sha256])[sha256],
        sightings=sightings,
        runs=runs,
        verdicts=verdicts,
        findings=findings,
        revocation=revocations.of_digest(connection, sha256),
        exceptions=exceptions.listed(connection, scope, sha256=sha256, limit=MOST),
        endpoint_names={row.endpoint_id: row.name for row in connection.execute(names)},
    )


def _sightings(connection: Connection, scope: Scope, sha256: str) -> list[Sighting]:
    columns = [SIGHTINGS.c[name] for name in Sighting.__struct_fields__ if name != "endpoint_name"]
    query = (
        select(*columns, ENDPOINTS.c.name.label("endpoint_name"))
        .join(ENDPOINTS, ENDPOINTS.c.endpoint_id == SIGHTINGS.c.endpoint_id)
        .where(SIGHTINGS.c.sha256 == sha256, visible(SIGHTINGS, scope))
        .order_by(SIGHTINGS.c.last_at.desc(), SIGHTINGS.c.endpoint_id)
    )
    rows = connection.execute(query.limit(MOST))
    return [Sighting(**{**row._mapping, "measured": bool(row.measured)}) for row in rows]


def _runs(connection: Connection, scope: Scope, sha256: str) -> list[Run]:
    # The latest ones first, by their index, and only then the processes of those.
    latest = (
        select(WEIGHTS)
        .where(WEIGHTS.c.sha256 == sha256, visible(WEIGHTS, scope))
        .order_by(WEIGHTS.c.last_at.desc(), WEIGHTS.c.subject)
        .limit(MOST)
        .subquery()
    )
    same = (PROCESSES.c.endpoint_id == latest.c.endpoint_id) & (PROCESSES.c.subject == latest.c.subject)
    columns = [(latest if name == "sha256" else PROCESSES).c[name] for name in Run.__struct_fields__]
    query = select(*columns).join(PROCESSES, same).order_by(latest.c.last_at.desc(), latest.c.subject)
    return [Run(**row._mapping) for row in connection.execute(query)]


def _verdicts(connection: Connection, scope: Scope, sha256: str) -> list[Verdict]:
    columns = [VERDICTS.c[name] for name in Verdict.__struct_fields__]
    query = select(*columns).where(VERDICTS.c.sha256 == sha256, visible(VERDICTS, scope))
    ordered = query.order_by(VERDICTS.c.at.desc(), VERDICTS.c.endpoint_id)
    return [Verdict(**row._mapping) for row in connection.execute(ordered.limit(MOST))]


def _findings(connection: Connection, scope: Scope, sha256: str) -> list[Finding]:
    columns = [FINDINGS.c[name] for name in Finding.__struct_fields__]
    found = []
    # One after the other: an index has the latest of each, and none has those of both.
    for named in (sha256, f"claimed:{sha256}"):
        query = select(*columns).where(FINDINGS.c.artifact == named, visible(FINDINGS, scope))
        latest = query.order_by(FINDINGS.c.last_at.desc(), FINDINGS.c.endpoint_id, FINDINGS.c.finding_id)
        found += [Finding(**row._mapping) for row in connection.execute(latest.limit(MOST))]
    return sorted(found, key=lambda one: (-one.last_at, one.endpoint_id, one.finding_id))[:MOST]
