"""What weighing found in a release, out of its report: sentences, where, on what evidence, and what to do."""

import msgspec
from msgspec import Struct

from weighbridge.model.finding import Severity

MOST = 100
"""Findings that are shown of a release; all stand in its report."""
_ORDER = {severity.value: at for at, severity in enumerate(Severity)}


class ReleaseFinding(Struct, frozen=True, kw_only=True):
    """One finding in a release."""

    path: str
    """Of the file; `.` for the release as a whole."""
    check: str
    severity: str
    message: str
    member: str
    """Where inside of the file; empty for the file itself."""
    value: str
    """What was found there; empty where the sentence says all."""
    remedy: str


class _Evidence(Struct):
    member: str | None = None
    value: str | None = None


class _Finding(Struct):
    check: str
    severity: str
    message: str
    remedy: str = ""
    evidence: _Evidence | None = None


class _Place(Struct):
    path: str


class _Artifact(Struct):
    places: list[_Place]
    findings: list[_Finding]


class _Repository(Struct):
    path: str
    findings: list[_Finding]


class _Report(Struct):
    artifacts: list[_Artifact] = []
    repositories: list[_Repository] = []


def findings_of(report: bytes) -> list[ReleaseFinding]:
    """Return the findings of a report (`json-v1`), the worst first, at most `MOST`."""
    said = msgspec.json.decode(report, type=_Report)
    found = [(one.places[0].path if one.places else ".", finding) for one in said.artifacts for finding in one.findings]
    found += [(one.path, finding) for one in said.repositories for finding in one.findings]
    found.sort(key=lambda one: -_ORDER.get(one[1].severity, 0))
    return [_shown(path, finding) for path, finding in found[:MOST]]


def _shown(path: str, finding: _Finding) -> ReleaseFinding:
    evidence = finding.evidence or _Evidence()
    return ReleaseFinding(
        path=path,
        check=finding.check,
        severity=finding.severity,
        message=finding.message,
        member=evidence.member or "",
        value=evidence.value or "",
        remedy=finding.remedy,
    )
