"""The fleet in a few numbers, for the first page. Counts of a scope; each is a link to the list behind it."""

from msgspec import Struct
from sqlalchemy import Connection, func, select

from weighbridge.fleet import posture_days
from weighbridge.fleet.endpoints import ENDPOINTS, PRESENCE
from weighbridge.fleet.finding_counts import SEVERITIES, Held, held
from weighbridge.fleet.listed_artifacts import listing as artifacts_of
from weighbridge.fleet.permissions import Scope
from weighbridge.fleet.posture_days import PostureDay
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
    days: list[PostureDay]
    """Findings that held at the end of the last days, and those that hold now, which come last."""


def read(connection: Connection, scope: Scope, now: int) -> Posture:
    """Return the numbers. `now`: milliseconds since 1970."""
    seen = PRESENCE.c.last_seen_at > now - DAY
    counts = held(connection, scope)
    runs = (PROCESSES.c.ended_at.is_(None), visible(PROCESSES, scope))

    def count(table: object, *conditions: object) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())  # type: ignore[arg-type]

    by_runtime = select(PROCESSES.c.runtime, func.count().label("number")).where(*runs).group_by(PROCESSES.c.runtime)
    by_severity = _by_severity(counts)
    serious = sum(by_severity.get(name, 0) for name in posture_days.SERIOUS)
    today = PostureDay(at=now // DAY * DAY, serious=serious, others=sum(by_severity.values()) - serious)
    return Posture(
        endpoints=count(ENDPOINTS, visible(ENDPOINTS, scope)),
        recent=count(PRESENCE, visible(PRESENCE, scope), seen),
        artifacts=count(artifacts_of(scope).rows.subquery()),
        running=count(PROCESSES, *runs),
        verdicts=by_decision(connection, scope),
        findings=by_severity,
        checks=_checks(counts),
        runtimes={
            row.runtime: row.number
            for row in connection.execute(by_runtime.order_by(func.count().desc(), PROCESSES.c.runtime).limit(_MOST))
        },
        days=[*posture_days.of_scope(connection, scope, now), today],
    )


def _by_severity(counts: dict[str, Held]) -> dict[str, int]:
    sums = {name: sum(getattr(one, name) for one in counts.values()) for name in SEVERITIES}
    return {name: number for name, number in sums.items() if number}


def _checks(counts: dict[str, Held]) -> list[CheckCount]:
    found = []
    for check, one_check in counts.items():
        by_severity = one_check[1:]
        worst = max(rank for rank, number in enumerate(by_severity) if number) if any(by_severity) else 0
        one = CheckCount(
            check_id=check, severity=SEVERITIES[worst], findings=sum(by_severity), endpoints=one_check.endpoints
        )
        found.append((-worst, -one.findings, check, one))
    return [one for *_, one in sorted(found, key=lambda row: row[:3])[:_MOST]]
