"""`json-v1`: the machine-readable promise. Fields are added within version 1, never renamed or removed.

All text is ASCII with JSON escapes, so that no terminal acts on it and every parser takes it. Paths are whole;
values that a scanned file states are shortened.
"""

import base64
from typing import Any

from weighbridge.model.ancestry import Ancestor
from weighbridge.model.artifact import Artifact, Coverage, Part, Repository, Scan
from weighbridge.model.fact import Fact, FactValue
from weighbridge.model.finding import Assessment, Evidence, Finding, Persona, Unexamined
from weighbridge.model.license import EffectiveTerms, LicenseTerms
from weighbridge.model.place import Place, display, is_exact
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.report.indented import indented
from weighbridge.report.renderer import Context, Renderer

SCHEMA = "weighbridge.scan/1"
TEXT_LIMIT = 4096
ITEMS_LIMIT = 200
DEPTH_LIMIT = 6
_INTEGER_LIMIT = 1 << 64


def document(scan: Scan, context: Context) -> dict[str, Any]:
    """Return the whole report as plain values."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "weighbridge", "version": context.version},
        "machine": plain_text(context.machine),
        "roots": [_path_text(root) for root in context.roots],
        "finished_at": context.finished_at,
        "policy": plain_text(context.policy),
        "interrupted": scan.interrupted,
        "artifacts": [artifact_document(artifact) for artifact in scan.artifacts],
        "repositories": [_repository(repository) for repository in scan.repositories],
        "unexamined": [_unexamined(item) for item in scan.unexamined],
        "summary": summary(scan),
    }


def summary(scan: Scan) -> dict[str, Any]:
    """Return the counts of a scan."""
    assessments = {assessment.value: 0 for assessment in Assessment}
    decisions = {decision.value: 0 for decision in Decision}
    formats: dict[str, int] = {}
    for artifact in scan.artifacts:
        assessments[artifact.assessment] += 1
        formats[artifact.format] = formats.get(artifact.format, 0) + 1
        if artifact.verdict is not None:
            decisions[artifact.verdict.decision] += 1
    return {
        "artifacts": len(scan.artifacts),
        "places": sum(len(artifact.places) for artifact in scan.artifacts),
        "bytes": sum(artifact.size for artifact in scan.artifacts),
        "findings": sum(len(artifact.findings) for artifact in scan.artifacts),
        "unexamined": len(scan.unexamined),
        "files_seen": scan.files_seen,
        "bytes_seen": scan.bytes_seen,
        "by_assessment": assessments,
        "by_decision": decisions,
        "by_format": dict(sorted(formats.items())),
    }


def artifact_document(artifact: Artifact) -> dict[str, Any]:
    """Return one artifact as plain values."""
    return {
        "sha256": artifact.sha256,
        "claimed_sha256": artifact.claimed_sha256,
        "blake3": artifact.blake3,
        "format": artifact.format,
        "size": artifact.size,
        "places": [_place(place) for place in artifact.places],
        "assessment": artifact.assessment.value,
        "findings": [finding_document(finding) for finding in artifact.findings],
        "license": _license(artifact.license),
        "lineage": [plain_text(ancestor) for ancestor in artifact.lineage],
        "ancestry": [_ancestor(ancestor, 1) for ancestor in artifact.ancestry[:ITEMS_LIMIT]],
        "verdict": verdict_document(artifact.verdict),
        "facts": [_fact(fact) for fact in artifact.facts],
        "parts": [_part(part) for part in artifact.parts],
        "coverage": _coverage(artifact.coverage),
    }


def _render(scan: Scan, context: Context) -> str:
    return indented(document(scan, context)) + "\n"


def _place(place: Place) -> dict[str, Any]:
    """`path_bytes`, `member`, `store`, `store_name` and `link` stand only where they say something."""
    values: dict[str, Any] = path_document(place.path)
    if place.member is not None:
        values["member"] = _path_text(place.member)
    if place.store is not None:
        values["store"] = place.store
    if place.store_name is not None:
        values["store_name"] = plain_text(place.store_name)
    if place.link:
        values["link"] = True
    return values


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return one finding as plain values."""
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "message": plain_text(finding.message),
        "evidence": _evidence(finding.evidence),
        "remedy": plain_text(finding.remedy),
        "implies": finding.implies.value,
        "atlas": finding.atlas,
        "persona": (finding.persona or Persona.REGULAR).value,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "offset": evidence.offset,
        "member": None if evidence.member is None else _path_text(evidence.member),
        "opcode": evidence.opcode,
        "key": None if evidence.key is None else plain_text(evidence.key),
        "value": None if evidence.value is None else plain_text(evidence.value),
    }


def _license(terms: LicenseTerms) -> dict[str, Any]:
    reasons = [plain_text(reason) for reason in terms.reasons]
    return {
        "declared": [plain_text(statement.value) for statement in terms.declared],
        "concluded": None if terms.concluded is None else plain_text(terms.concluded),
        "method": terms.method,
        "confidence": None if terms.confidence is None else terms.confidence.value,
        "effective": {"commercial": terms.commercial.value, "reasons": reasons, **_effective(terms.effective)},
        "reasons": reasons,
        "evidence": [
            {"value": plain_text(statement.value), "source": plain_text(statement.source)}
            for statement in terms.declared
        ],
        "texts": [
            {
                "source": plain_text(text.source),
                "sha256": text.sha256,
                "likeness": text.likeness.value,
                "license": None if text.license is None else plain_text(text.license),
                "candidates": [plain_text(candidate) for candidate in text.candidates],
                "coverage": text.coverage,
                "detail": plain_text(text.detail),
            }
            for text in terms.texts
        ],
    }


def _effective(terms: EffectiveTerms) -> dict[str, Any]:
    return {
        "production": terms.production.value,
        "outputs": terms.outputs.value,
        "output_training": terms.output_training,
        "thresholds": [
            {
                "metric": threshold.metric,
                "above": threshold.above,
                "effect": threshold.effect,
                "scope": threshold.scope,
                "measured": threshold.measured,
            }
            for threshold in terms.thresholds
        ],
        "regions_excluded": list(terms.regions_excluded),
        "obligations": list(terms.obligations),
        "derivative_terms": [plain_text(term) for term in terms.derivative_terms],
        "use_policy": terms.use_policy,
        "chain": [
            {
                "name": plain_text(link.name),
                "license": None if link.license is None else plain_text(link.license),
                "commercial": link.commercial.value,
                "grade": link.grade,
                "source": plain_text(link.source),
            }
            for link in terms.chain
        ],
        "decided_by": None if terms.decided_by is None else plain_text(terms.decided_by),
    }


def _ancestor(ancestor: Ancestor, depth: int) -> dict[str, Any]:
    parents = ancestor.parents[:ITEMS_LIMIT] if depth < DEPTH_LIMIT else ()
    return {
        "name": plain_text(ancestor.name),
        "relation": ancestor.relation.value,
        "grade": ancestor.grade.value,
        "source": plain_text(ancestor.source),
        "sha256": ancestor.sha256,
        "license": None if ancestor.license is None else plain_text(ancestor.license),
        "score": ancestor.score,
        "share": ancestor.share,
        "residual": ancestor.residual,
        "detail": plain_text(ancestor.detail),
        "parents": [_ancestor(parent, depth + 1) for parent in parents],
    }


def verdict_document(verdict: Verdict | None) -> dict[str, Any]:
    """Return a verdict as plain values; without one everything waits."""
    if verdict is None:
        return {
            "decision": Decision.PENDING.value,
            "policies": [],
            "remedy": "",
            "action": None,
            "policy": None,
            "mode": None,
            "by_rules": None,
            "rules": [],
        }
    return {
        "decision": verdict.decision.value,
        "policies": [plain_text(rule.id) for rule in verdict.rules],
        "remedy": plain_text(verdict.remedy),
        "action": verdict.action,
        "policy": plain_text(verdict.policy),
        "mode": verdict.mode,
        "by_rules": None if verdict.by_rules is None else verdict.by_rules.value,
        "rules": [
            {
                "id": plain_text(rule.id),
                "severity": rule.severity,
                "reason": plain_text(rule.reason),
                "remedy": plain_text(rule.remedy),
                "clause": None if rule.clause is None else plain_text(rule.clause),
                "facts": {plain_text(name): plain_text(value) for name, value in rule.facts},
            }
            for rule in verdict.rules
        ],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": plain_text(fact.name),
        "value": plain(fact.value),
        "grade": fact.grade.value,
        "source": plain_text(fact.source),
    }


def _part(part: Part) -> dict[str, Any]:
    return {**path_document(part.path), "size": part.size, "sha256": part.sha256}


def _coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    if coverage is None:
        return None
    return {
        "bytes_read": coverage.bytes_read,
        "members_read": coverage.members_read,
        "skipped": [plain_text(reason) for reason in coverage.skipped],
    }


def _repository(repository: Repository) -> dict[str, Any]:
    return {
        **path_document(repository.path),
        "assessment": repository.assessment.value,
        "findings": [finding_document(finding) for finding in repository.findings],
        "artifacts": [display(path) for path in repository.artifacts],
    }


def _unexamined(item: Unexamined) -> dict[str, Any]:
    member = {} if item.member is None else {"member": _path_text(item.member)}
    return {**path_document(item.path), "reason": plain_text(item.reason), **member}


def path_document(path: bytes) -> dict[str, Any]:
    """Return a path as text, and as exact bytes where the text loses some."""
    exact = {} if is_exact(path) else {"path_bytes": base64.b64encode(path).decode("ascii")}
    return {"path": display(path), **exact}


def plain(value: FactValue, depth: int = 0) -> Any:  # noqa: ANN401  (a JSON value has no narrower type)
    """Return a fact's value as JSON can carry it: long text and lists are cut, odd numbers become text."""
    match value:
        case None | bool():
            return value
        case str():
            return plain_text(value)
        case int():
            return value if abs(value) < _INTEGER_LIMIT else plain_text(hex(value))
        case float():
            return value if value == value and abs(value) != float("inf") else str(value)
    if depth >= DEPTH_LIMIT:
        return "…"
    if isinstance(value, dict):
        items = list(value.items())[:ITEMS_LIMIT]
        cut = {"…": f"{len(value) - ITEMS_LIMIT} more"} if len(value) > ITEMS_LIMIT else {}
        return {plain_text(str(key)): plain(item, depth + 1) for key, item in items} | cut
    shown = [plain(item, depth + 1) for item in value[:ITEMS_LIMIT]]
    return [*shown, f"… {len(value) - ITEMS_LIMIT} more"] if len(value) > ITEMS_LIMIT else shown


def plain_text(text: str) -> str:
    """Return `text` shortened, in characters that every parser takes."""
    if len(text) > TEXT_LIMIT:
        text = text[: TEXT_LIMIT - 1] + "…"
    return _path_text(text)


def _path_text(text: str) -> str:
    """Replace lone surrogates: JSON parsers outside of Python refuse them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


RENDERER = Renderer(
    id="json-v1", title="JSON, version 1 (`json` is an alias)", media_type="application/json", render=_render
)
