"""From observations to findings to the one assessment of an artifact."""

from collections.abc import Iterable, Sequence

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Finding, worst
from weighbridge.model.observation import Observation


def judge(observations: Iterable[Observation], subject: Subject, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Return the findings of all `checks`, worst first, duplicates removed."""
    noted = tuple(observations)
    if not noted:
        return ()  # nearly all files of a machine
    by_type: dict[type, list[Check]] = {}
    for check in checks:
        for wanted in check.wants:
            by_type.setdefault(wanted, []).append(check)
    findings: dict[Finding, None] = {}
    for observation in noted:
        for check in by_type.get(type(observation), ()):
            for finding in check.judge(observation, subject):
                findings[finding] = None
    order = tuple(Assessment)
    return tuple(sorted(findings, key=lambda finding: (-order.index(finding.implies), finding.check)))


def assess(findings: Iterable[Finding], *, holds_model: bool) -> Assessment:
    """Return the worst assessment that any finding implies; `clean` for a model without findings."""
    floor = Assessment.CLEAN if holds_model else Assessment.NOT_A_MODEL
    return worst((floor, *(finding.implies for finding in findings if finding.implies is not Assessment.CLEAN)))
