"""The list of findings: what may be asked of it."""

from sqlalchemy import select

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.findings import ENDPOINT, FINDINGS, SERVER, Finding
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.listing import Listing
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.fleet.triage import STATES, TRIAGE, joined, reason_now, state_now
from weighbridge.fleet.visible import visible

EXAMPLE = "open:yes state:new severity:>=high first:<7d"
FIELDS = {
    "check": Field(kind=FieldKind.KEYWORD, about="the check that found it"),
    "severity": Field(kind=FieldKind.CHOICE, about="how bad it is, worst last", choices=SEVERITIES),
    "confidence": Field(kind=FieldKind.CHOICE, about="how sure", choices=("low", "medium", "high")),
    "about": Field(kind=FieldKind.KEYWORD, about="artifact, process, agents or endpoint"),
    "source": Field(kind=FieldKind.CHOICE, about="who found it", choices=(ENDPOINT, SERVER)),
    "says": Field(kind=FieldKind.TEXT, about="words of its message"),
    "digest": Field(kind=FieldKind.DIGEST, about="the artifact that it is about"),
    "path": Field(kind=FieldKind.TEXT, about="the file that it is about"),
    "endpoint": Field(kind=FieldKind.KEYWORD, about="id of the endpoint"),
    "name": Field(kind=FieldKind.KEYWORD, about="host name of the endpoint"),
    "owner": Field(kind=FieldKind.KEYWORD, about="whose endpoint it is"),
    "group": Field(kind=FieldKind.KEYWORD, about="the endpoint's group"),
    "open": Field(kind=FieldKind.BOOLEAN, about="whether it still holds"),
    "state": Field(kind=FieldKind.CHOICE, about="what people decided about it", choices=STATES),
    "reason": Field(kind=FieldKind.TEXT, about="why they did"),
    "decider": Field(kind=FieldKind.KEYWORD, about="who decided"),
    "first": Field(kind=FieldKind.TIME, about="when it was first seen"),
    "last": Field(kind=FieldKind.TIME, about="when it was last seen"),
}
WORST_FIRST = FINDINGS.c.severity_rank


def listing(scope: Scope, now: int) -> Listing:
    """Return the findings that a viewer may see, as a list that can be asked. `now`: decisions end."""
    state = state_now(now)
    columns = [FINDINGS.c[name] for name in Finding.__struct_fields__]
    rows = (
        select(
            *columns,
            ENDPOINTS.c.name.label("endpoint_name"),
            state.label("state"),
            reason_now().label("reason"),
            TRIAGE.c.by_name.label("decider"),
            TRIAGE.c.until_at,
        )
        .join_from(FINDINGS, ENDPOINTS, ENDPOINTS.c.endpoint_id == FINDINGS.c.endpoint_id)
        .join(TRIAGE, joined(), isouter=True)
        .where(visible(FINDINGS, scope))
    )
    return Listing(
        rows=rows,
        searched=Searched(
            fields=FIELDS,
            columns={
                "check": FINDINGS.c.check_id,
                "severity": FINDINGS.c.severity,
                "confidence": FINDINGS.c.confidence,
                "about": FINDINGS.c.about,
                "source": FINDINGS.c.source,
                "says": FINDINGS.c.message,
                "digest": FINDINGS.c.artifact,
                "path": FINDINGS.c.path,
                "endpoint": FINDINGS.c.endpoint_id,
                "name": ENDPOINTS.c.name,
                "owner": ENDPOINTS.c.owner,
                "group": ENDPOINTS.c.group_name,
                "open": FINDINGS.c.ended_at.is_(None),
                "state": state,
                "reason": TRIAGE.c.reason,
                "decider": TRIAGE.c.by_name,
                "first": FINDINGS.c.first_at,
                "last": FINDINGS.c.last_at,
            },
            within={},
            words=(FINDINGS.c.message, FINDINGS.c.check_id, FINDINGS.c.path, ENDPOINTS.c.name),
            claimed=frozenset({"digest"}),
            ranks={"severity": FINDINGS.c.severity_rank},
        ),
        sorts={
            "severity": WORST_FIRST,
            "last": FINDINGS.c.last_at,
            "first": FINDINGS.c.first_at,
            "check": FINDINGS.c.check_id,
            "name": ENDPOINTS.c.name,
        },
        key=(FINDINGS.c.endpoint_id, FINDINGS.c.finding_id),
        newest_first=True,
    )
