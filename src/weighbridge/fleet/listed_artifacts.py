"""The list of artifacts: what may be asked of it, and how far each digest has spread within a scope."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, exists, func, literal, or_, select, true

from weighbridge.fleet.artifacts import ARTIFACTS, Artifact
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.group_counts import names_of
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.processes import PROCESSES, WEIGHTS
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.sightings import SIGHTINGS
from weighbridge.fleet.spread import DECISIONS, SPREAD, Told, of_digests
from weighbridge.fleet.verdicts import VERDICTS
from weighbridge.fleet.visible import visible, within
from weighbridge.model.license import Commercial
from weighbridge.report.words import ASSESSMENTS

EXAMPLE = "format:gguf verdict:>=warn commercial:prohibited last:7d"
FIELDS = {
    "digest": Field(kind=FieldKind.DIGEST, about="SHA-256, at least its first four characters"),
    "format": Field(kind=FieldKind.KEYWORD, about="format of the file"),
    "size": Field(kind=FieldKind.SIZE, about="bytes"),
    "assessment": Field(
        kind=FieldKind.CHOICE,
        about="what it could do, worst last",
        choices=tuple(one.value for one in reversed(ASSESSMENTS)),
    ),
    "license": Field(kind=FieldKind.TEXT, about="concluded license"),
    "commercial": Field(
        kind=FieldKind.CHOICE, about="whether it may be used commercially", choices=tuple(c.value for c in Commercial)
    ),
    "verdict": Field(kind=FieldKind.CHOICE, about="the strictest verdict on it", choices=DECISIONS),
    "path": Field(kind=FieldKind.TEXT, about="where a copy lies or lay"),
    "endpoint": Field(kind=FieldKind.KEYWORD, about="an endpoint that has it or had it"),
    "check": Field(kind=FieldKind.KEYWORD, about="a check with an open finding on it"),
    "severity": Field(kind=FieldKind.CHOICE, about="of an open finding on it", choices=SEVERITIES),
    "runtime": Field(kind=FieldKind.KEYWORD, about="what ran it"),
    "ran": Field(kind=FieldKind.TIME, about="when a process was last seen with it"),
    "first": Field(kind=FieldKind.TIME, about="when it was first seen"),
    "last": Field(kind=FieldKind.TIME, about="when it was last seen"),
}


class Spread(Struct, frozen=True, kw_only=True):
    """How far one digest has spread. Counts of endpoints and processes within the viewer's scope."""

    path: str = ""
    """One of its places, for people to know it by."""
    endpoints: int = 0
    gone: int = 0
    """Endpoints that had it."""
    running: int = 0
    decision: str = ""
    """The strictest verdict on it."""


def listing(scope: Scope) -> Listing:
    """Return the artifacts that a viewer may see, as a list that can be asked."""
    digest = ARTIFACTS.c.sha256
    sighted = (SIGHTINGS.c.sha256 == digest, visible(SIGHTINGS, scope))
    counted = (SPREAD.c.sha256 == digest, SPREAD.c.group_name.in_(names_of(scope)))
    judged: tuple[ColumnElement[bool], ...] = counted
    decision = SPREAD.c.decision
    if scope.endpoint_id is not None:
        judged, decision = (VERDICTS.c.sha256 == digest, visible(VERDICTS, scope)), VERDICTS.c.decision
    found_on = (_named(FINDINGS.c.artifact, digest), FINDINGS.c.ended_at.is_(None), visible(FINDINGS, scope))
    ran = (
        WEIGHTS.c.sha256 == digest,
        PROCESSES.c.endpoint_id == WEIGHTS.c.endpoint_id,
        PROCESSES.c.subject == WEIGHTS.c.subject,
        visible(WEIGHTS, scope),
    )
    return Listing(
        rows=select(*(ARTIFACTS.c[name] for name in Artifact.__struct_fields__)).where(
            true() if scope == EVERYTHING else _is_within(scope, sighted, counted)
        ),
        searched=Searched(
            fields=FIELDS,
            columns={
                "digest": digest,
                "format": ARTIFACTS.c.format,
                "size": ARTIFACTS.c.size,
                "assessment": ARTIFACTS.c.assessment,
                "license": ARTIFACTS.c.license,
                "commercial": ARTIFACTS.c.commercial,
                "verdict": decision,
                "path": SIGHTINGS.c.path,
                "endpoint": SIGHTINGS.c.endpoint_id,
                "check": FINDINGS.c.check_id,
                "severity": FINDINGS.c.severity,
                "runtime": PROCESSES.c.runtime,
                "ran": WEIGHTS.c.last_at,
                "first": ARTIFACTS.c.first_at,
                "last": ARTIFACTS.c.last_at,
            },
            within={
                "verdict": lambda found: exists().where(*judged, found),
                "path": lambda found: exists().where(*sighted, found),
                "endpoint": lambda found: exists().where(*sighted, found),
                "check": lambda found: exists().where(*found_on, found),
                "severity": lambda found: exists().where(*found_on, found),
                "runtime": lambda found: exists().where(*ran, found),
                "ran": lambda found: exists().where(WEIGHTS.c.sha256 == digest, visible(WEIGHTS, scope), found),
            },
            words=(digest, ARTIFACTS.c.format, ARTIFACTS.c.license, _any_path(digest, scope)),
        ),
        sorts={
            "last": ARTIFACTS.c.last_at,
            "first": ARTIFACTS.c.first_at,
            "size": func.coalesce(ARTIFACTS.c.size, 0),
            "format": ARTIFACTS.c.format,
            "license": ARTIFACTS.c.license,
        },
        key=(digest,),
        newest_first=True,
    )


def artifact(connection: Connection, scope: Scope, sha256: str) -> Artifact | None:
    """Return what is known of one digest; None if nothing is, or nothing within the scope."""
    row = connection.execute(listing(scope).rows.where(ARTIFACTS.c.sha256 == sha256)).first()
    return None if row is None else Artifact(**{**row._mapping, "measured": bool(row.measured)})


def spread(connection: Connection, scope: Scope, digests: Sequence[str]) -> dict[str, Spread]:
    """Return how far each of these digests has spread; what that costs does not depend on how large the fleet is."""
    told = of_digests(connection, scope, digests)
    # An expression, so that the few that run are looked up in the scope, and not all of the scope among those.
    where = WEIGHTS.c.endpoint_id if scope.groups is None else func.coalesce(WEIGHTS.c.endpoint_id, "")
    runs = (WEIGHTS.c.sha256.in_(digests), WEIGHTS.c.ended_at.is_(None), within(where, scope))
    counted = select(WEIGHTS.c.sha256, func.count()).where(*runs).group_by(WEIGHTS.c.sha256)
    running = {row[0]: row[1] for row in connection.execute(counted)}
    found = {}
    for digest in digests:
        one = told.get(digest, Told())
        found[digest] = Spread(
            path=one.path,
            endpoints=one.endpoints,
            gone=one.gone,
            running=running.get(digest, 0),
            decision=one.decision,
        )
    return found


def _is_within(
    scope: Scope, sighted: Sequence[ColumnElement[bool]], counted: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return that an artifact is or was on an endpoint of a scope."""
    if scope.endpoint_id is not None:
        return exists().where(*sighted)
    return exists().where(*counted, SPREAD.c.endpoints + SPREAD.c.gone > 0)


def _named(column: ColumnElement[Any], digest: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return that a column names a digest, measured or claimed."""
    return or_(column == digest, column == literal("claimed:").concat(digest))


def _any_path(digest: ColumnElement[Any], scope: Scope) -> ColumnElement[Any]:
    if scope.endpoint_id is not None:
        path, chosen = SIGHTINGS.c.path, (SIGHTINGS.c.sha256 == digest, visible(SIGHTINGS, scope))
    else:
        path, chosen = SPREAD.c.path, (SPREAD.c.sha256 == digest, SPREAD.c.group_name.in_(names_of(scope)))
    return func.coalesce(select(func.max(path)).where(*chosen).scalar_subquery(), "")
