"""From what the bytes say to findings and one assessment."""

from weighbridge.checks.assess import assess, judge
from weighbridge.checks.check import Subject
from weighbridge.model.finding import Assessment, Finding
from weighbridge.model.place import display
from weighbridge.pipeline.inspect import Inspected


def judged(inspected: Inspected) -> tuple[tuple[Finding, ...], Assessment]:
    """Return the findings on `inspected`, worst first, and its assessment by its own bytes alone."""
    if not inspected.observations:
        return (), assess((), holds_model=inspected.holds_model)
    from weighbridge.checks.registry import CHECKS  # most models give nothing to judge, and need none of them

    name = display(inspected.source.name)
    findings = judge(inspected.observations, Subject(format=inspected.format, name=name), CHECKS)
    return findings, assess(findings, holds_model=inspected.holds_model)
