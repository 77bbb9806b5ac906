"""The fleet in a few numbers, for the first page. Counts of a scope; each is a link to the list behind it."""

from msgspec import Struct
from sqlalchemy import Connection, case, func, select

from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.listed_artifacts import listing as artifacts_of
from weighbridge.fleet.listed_endpoints import SEVERITIES
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.processes import PROCESSES
from weighbridge.fleet.spread import by_decision
from weighbridge.fleet.visible import visible

DAY = 24 * 3_600_000
_MOST = 10


class CheckCount(Struct, frozen=True, kw_only=True):
    """How often one check finds something now."""

    check_id: str
    severity: str
    """The worst of them."""
    findings: int
    endpoints: int


class Posture(Struct, frozen=True, kw_only=True):
    """What there is within a scope."""

    endpoints: int
    recent: int
    """Endpoints that were heard of in the last day."""
    artifacts: int
    running: int
    """Processes that run models now."""
    verdicts: dict[str, int]
    """Digests by the strictest verdict on them."""
    findings: dict[str, int]
    """Findings that hold, by severity."""
    checks: list[CheckCount]
    """The ten checks that find most."""
    runtimes: dict[str, int]
    """Processes that run now, by runtime; the ten largest."""


def read(connection: Connection, scope: Scope, now: int) -> Posture:
    """Return the numbers. `now`: milliseconds since 1970."""
    seen = PRESENCE.c.last_seen_at > now - DAY
    holds = (FINDINGS.c.ended_at.is_(None), visible(FINDINGS, scope))
    runs = (PROCESSES.c.ended_at.is_(None), visible(PROCESSES, scope))

    def count(table: object, *conditions: object) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]

    by_severity = select(FINDINGS.c.severity, func.count().label("number")).where(*holds).group_by(FINDINGS.c.severity)
    by_runtime = select(PROCESSES.c.runtime, func.count().label("number")).where(*runs).group_by(PROCESSES.c.runtime)
    return Posture(
        endpoints=count(ENDPOINTS, visible(ENDPOINTS, scope)),
        recent=count(PRESENCE, visible(PRESENCE, scope), seen),
        artifacts=count(artifacts_of(scope).rows.subquery()),
        running=count(PROCESSES, *runs),
        verdicts=by_decision(connection, scope),
        findings={row.severity: row.number for row in connection.execute(by_severity)},
        checks=_checks(connection, holds),
        runtimes={
            row.runtime: row.number
            for row in connection.execute(by_runtime.order_by(func.count().desc(), PROCESSES.c.runtime).limit(_MOST))
        },
    )


def _checks(connection: Connection, holds: tuple[object, ...]) -> list[CheckCount]:
    rank = case({name: index for index, name in enumerate(SEVERITIES)}, value=FINDINGS.c.severity, else_=0)
    number, worst = func.count().label("number"), func.max(rank).label("worst")
    query = (
        select(FINDINGS.c.check_id, number, worst, func.count(FINDINGS.c.endpoint_id.distinct()).label("endpoints"))
        .where(*holds)  # type: ignore[arg-type]
        .group_by(FINDINGS.c.check_id)
        .order_by(worst.desc(), number.desc(), FINDINGS.c.check_id)
        .limit(_MOST)
    )
    return [
        CheckCount(check_id=row.check_id, severity=SEVERITIES[row.worst], findings=row.number, endpoints=row.endpoints)
        for row in connection.execute(query)
    ]
