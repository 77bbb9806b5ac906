"""Assessment and verdict as CycloneDX attestations: claims about components, with the findings as evidence.

Source: CycloneDX 1.7, objects `declarations` and `definitions` (CycloneDX Attestations).
"""

from typing import Any

from weighbridge.bom.component import Bom, Component

ASSESSOR = "weighbridge:assessor"
_REQUIREMENTS = (
    (
        "assessment",
        "Holds data only",
        "Every byte that a loader acts on was examined, and loading runs nothing that a model does not need.",
    ),
    ("policy", "Allowed by policy", "The rules that weighed the artifact allow the action that they were asked about."),
    (
        "license",
        "Commercial use allowed",
        "The strictest terms over artifact and ancestors allow commercial use.",
    ),
)


def definitions() -> dict[str, Any]:
    """Return the requirements that claims are mapped to."""
    return {
        "standards": [
            {
                "bom-ref": "weighbridge:requirements",
                "name": "Weighbridge",
                "version": "1",
                "description": "What Weighbridge says of every artifact.",
                "requirements": [
                    {
                        "bom-ref": _requirement(name),
                        "identifier": name,
                        "title": title,
                        "text": text,
                    }
                    for name, title, text in _REQUIREMENTS
                ],
            }
        ]
    }


def declarations(bom: Bom) -> dict[str, Any]:
    """Return assessor, claims, evidence and attestations; empty if nothing was weighed."""
    claims: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    sides: dict[str, tuple[list[str], list[str]]] = {name: ([], []) for name, _, _ in _REQUIREMENTS}
    for item in bom.components:
        grounds = _evidence(item)
        evidence += grounds
        for name, holds, predicate, reasoning in _statements(item):
            ref = f"claim:{name}:{item.ref}"
            claim: dict[str, Any] = {"bom-ref": ref, "target": item.ref, "predicate": predicate}
            if reasoning:
                claim["reasoning"] = reasoning
            if name == "assessment" and grounds:
                claim["evidence"] = [one["bom-ref"] for one in grounds]
            claims.append(claim)
            sides[name][0 if holds else 1].append(ref)
    if not claims:
        return {}
    maps = [_map(name, *sides[name]) for name, _, _ in _REQUIREMENTS if any(sides[name])]
    attestation = {
        "summary": f"Weighed by Weighbridge {bom.tool}" + (f", policy {bom.policy}" if bom.policy else ""),
        "assessor": ASSESSOR,
        "map": maps,
    }
    found = {
        "assessors": [{"bom-ref": ASSESSOR, "thirdParty": False, "organization": {"name": "Weighbridge, run locally"}}],
        "attestations": [attestation],
        "claims": claims,
        "evidence": evidence,
    }
    return {key: value for key, value in found.items() if value}


def _statements(item: Component) -> list[tuple[str, bool, str, str]]:
    """Return (requirement, whether it holds, predicate, reasoning) for one component."""
    found = []
    if item.assessment:
        found.append(("assessment", item.assessment == "clean", f"The assessment is {item.assessment}.", ""))
    verdict = item.verdict
    if verdict is not None:
        predicate = f"The verdict on {verdict.action} is {verdict.decision} under {verdict.policy} ({verdict.mode})."
        reasons = " ".join(f"{reason} [{name}]" for name, reason in verdict.rules)
        found.append(("policy", verdict.decision == "allow", predicate, reasons))
    commercial = dict(reversed(item.licensing.terms)).get("commercial")
    if commercial is not None:
        predicate = f"Commercial use of the weights: {commercial}."
        found.append(("license", commercial == "allowed", predicate, " ".join(item.licensing.reasons)))
    return found


def _evidence(item: Component) -> list[dict[str, Any]]:
    return [
        {
            "bom-ref": f"evidence:{number}:{item.ref}",
            "propertyName": f"weighbridge:finding:{concern.check}",
            "data": [
                {
                    "name": f"{concern.check} ({concern.severity})",
                    "contents": {"attachment": {"contentType": "text/plain", "content": concern.message}},
                }
            ],
        }
        for number, concern in enumerate(item.concerns, 1)
    ]


def _map(name: str, claims: list[str], counter_claims: list[str]) -> dict[str, Any]:
    total = len(claims) + len(counter_claims)
    found: dict[str, Any] = {"requirement": _requirement(name)}
    if claims:
        found["claims"] = claims
    if counter_claims:
        found["counterClaims"] = counter_claims
    score = round(len(claims) / total, 4)
    found["conformance"] = {"score": score, "rationale": f"{len(claims)} of {total} components"}
    return found


def _requirement(name: str) -> str:
    return f"weighbridge:requirement:{name}"
