"""Findings come out of a report as people need them, the worst first."""

import json

from weighbridge.hub.release_findings import MOST, findings_of


def finding(severity: str, **more: object) -> dict[str, object]:
    return {"check": "unsafe-import", "severity": severity, "message": f"{severity} thing", "remedy": "Do not."} | more


def report(*artifacts: dict[str, object], repositories: list[dict[str, object]] | None = None) -> bytes:
    return json.dumps({"artifacts": artifacts, "repositories": repositories or [], "more": 1}).encode()


def test_the_worst_comes_first_with_where_and_what():
    evidence = {"offset": 2, "member": "archive/data.pkl", "value": "posix.system"}
    found = findings_of(
        report(
            {"places": [{"path": "a.bin"}], "findings": [finding("low"), finding("critical", evidence=evidence)]},
            {"places": [], "findings": []},
            repositories=[{"path": ".", "findings": [finding("high", evidence=None)]}],
        )
    )
    assert [(one.severity, one.path, one.member, one.value) for one in found] == [
        ("critical", "a.bin", "archive/data.pkl", "posix.system"),
        ("high", ".", "", ""),
        ("low", "a.bin", "", ""),
    ]


def test_no_more_than_people_read():
    many = report({"places": [{"path": "a"}], "findings": [finding("info")] * (MOST + 1)})
    assert len(findings_of(many)) == MOST


def test_a_report_without_artifacts_has_no_findings():
    assert findings_of(b"{}") == []
