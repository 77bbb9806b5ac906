"""SARIF 2.1.0, for code-scanning services and editors.

Source: OASIS Static Analysis Results Interchange Format 2.1.0 (sections 3.14 run, 3.27 result, 3.49
reportingDescriptor).
"""

import hashlib
from typing import Any

from weighbridge.checks.registry import CHECKS
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.finding import Finding, Severity
from weighbridge.model.verdict import Decision
from weighbridge.report.escape import MESSAGE_LIMIT, percent_encoded, visible, visible_path
from weighbridge.report.gate import layer_note, rules_of
from weighbridge.report.indented import indented
from weighbridge.report.renderer import Context, Renderer
from weighbridge.report.words import findings_for, main_place

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
_FINGERPRINT = "weighbridgeFinding/v1"


def _render(scan: Scan, context: Context) -> str:
    results = [result for artifact in scan.artifacts for result in _artifact_results(artifact, context.persona)]
    for repository in scan.repositories:
        path = repository.path
        results += [
            _result(finding, path, None, path) for finding in findings_for(repository.findings, context.persona)
        ]
    rules = _rules(results)
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    run = {
        "tool": {
            "driver": {
                "name": "Weighbridge",
                "version": context.version,
                "semanticVersion": context.version,
                "rules": rules,
            }
        },
        "invocations": [_invocation(scan, context)],
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return indented(log) + "\n"


def _artifact_results(artifact: Artifact, persona: str) -> list[dict[str, Any]]:
    place = main_place(artifact)
    if place is None:
        return []
    identity = (artifact.sha256 or artifact.claimed_sha256 or "").encode() or place.path
    findings = findings_for(artifact.findings, persona)
    results = [_result(finding, place.path, place.member, identity) for finding in findings]
    verdict = artifact.verdict
    if verdict is not None and verdict.decision is not Decision.ALLOW:
        note = layer_note(artifact)
        for rule in rules_of(artifact):
            level = "error" if Decision.DENY is verdict.decision is rule.decision else "warning"
            message = visible(f"{rule.reason} {rule.remedy}".strip() or verdict.decision, MESSAGE_LIMIT)
            message += f" It lies in {note}." if note else ""
            results.append(
                {
                    "ruleId": f"policy/{visible(rule.id)}",
                    "level": level,
                    "message": {"text": message},
                    "locations": [_location(place.path, place.member, None)],
                    "partialFingerprints": {_FINGERPRINT: _fingerprint(identity, rule.id, place.member or "")},
                    "properties": {"decision": verdict.decision.value, "policy": visible(verdict.policy)},
                }
            )
    return results


def _result(finding: Finding, path: bytes, member: str | None, identity: bytes) -> dict[str, Any]:
    evidence = finding.evidence
    stands = [visible(f"{name} {value}") for name, value in _evidence_items(finding) if name != "offset"]
    text = visible(finding.message, MESSAGE_LIMIT)
    if stands:
        text += f" ({', '.join(stands)})"
    properties: dict[str, Any] = {
        "confidence": finding.confidence.value,
        "severity": finding.severity.value,
        "implies": finding.implies.value,
    }
    if finding.atlas:
        properties["atlas"] = finding.atlas
    marks = (finding.check, member or "", *(f"{name}={value}" for name, value in _evidence_items(finding)))
    return {
        "ruleId": finding.check,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{text} {visible(finding.remedy, MESSAGE_LIMIT)}"},
        "locations": [_location(path, member, evidence.offset if evidence.member is None else None)],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(identity, *marks)},
        "properties": properties,
    }


def _evidence_items(finding: Finding) -> list[tuple[str, str | int]]:
    evidence = finding.evidence
    pairs = (
        ("member", evidence.member),
        ("opcode", evidence.opcode),
        ("key", evidence.key),
        ("value", evidence.value),
        ("offset", evidence.offset),
    )
    return [(name, value) for name, value in pairs if value is not None]


def _location(path: bytes, member: str | None, offset: int | None) -> dict[str, Any]:
    # Code scanning of GitHub shows no result without a line, for binary files too (rule GH1003 of its validator); text
    # and binary regions are independent of each other (SARIF 2.1.0, section 3.30.4).
    region: dict[str, int] = {"startLine": 1}
    if offset is not None and offset >= 0 and member is None:
        region |= {"byteOffset": offset, "byteLength": 0}
    physical: dict[str, Any] = {"artifactLocation": {"uri": file_uri(path)}, "region": region}
    location: dict[str, Any] = {"physicalLocation": physical}
    if member is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(member, 1000), "kind": "member"}]
    return location


def file_uri(path: bytes) -> str:
    """Return the `file:` URI of an absolute path; bytes outside of ASCII letters are percent-encoded."""
    quoted = percent_encoded(path.replace(b"\\", b"/") if path[1:2] == b":" else path)
    return f"file://{quoted if quoted.startswith('/') else '/' + quoted}"


def _fingerprint(identity: bytes, *marks: str) -> str:
    digest = hashlib.sha256(identity)
    for mark in marks:
        encoded = mark.encode("utf-8", "backslashreplace")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def _rules(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = {}
    for check in CHECKS:
        kind = "license" if check.id.startswith("license-") else "security"
        properties: dict[str, Any] = {"tags": [kind, *([check.atlas] if check.atlas else [])]}
        rules[check.id] = {
            "id": check.id,
            "name": "".join(word.capitalize() for word in check.id.split("-")),
            "shortDescription": {"text": check.title},
            "help": {"text": f"Run: wb explain {check.id}"},
            "properties": properties,
        }
    for result in results:
        name = result["ruleId"]
        rule = rules.setdefault(name, {"id": name, "shortDescription": {"text": name}})
        severity = result["properties"].get("severity")
        if severity is not None and not name.startswith("license-"):
            properties = rule.setdefault("properties", {})
            score = _SCORES[Severity(severity)]
            properties["security-severity"] = max(properties.get("security-severity", "0.0"), score, key=float)
    return list(rules.values())


def _invocation(scan: Scan, context: Context) -> dict[str, Any]:
    notes = [
        {
            "level": "warning",
            "message": {"text": f"not examined: {visible(item.reason, MESSAGE_LIMIT)}"},
            "locations": [_location(item.path, item.member, None)],
        }
        for item in scan.unexamined
    ]
    if scan.interrupted:
        notes.append({"level": "error", "message": {"text": "the scan was interrupted; results are partial"}})
    return {
        "executionSuccessful": not scan.interrupted,
        "endTimeUtc": context.finished_at,
        "toolExecutionNotifications": notes,
        "properties": {"roots": [visible_path(root.encode("utf-8", "backslashreplace")) for root in context.roots]},
    }


RENDERER = Renderer(id="sarif", title="SARIF 2.1.0", media_type="application/sarif+json", render=_render)
