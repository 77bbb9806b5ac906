"""What the detail drawer of the HTML report shows about one artifact, as plain escaped text."""

from typing import Any

from weighbridge.licensing.duties import checklist, outputs_words
from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import FactValue
from weighbridge.model.finding import Finding
from weighbridge.model.license import Commercial
from weighbridge.report.ancestry_words import ancestry_words
from weighbridge.report.escape import MESSAGE_LIMIT, middle, visible
from weighbridge.report.license_words import chain_words, headline, step, text_words
from weighbridge.report.renderer import Context
from weighbridge.report.words import (
    COMMERCIALS,
    DECISIONS,
    SEVERITIES,
    evidence_words,
    findings_for,
    quantity,
    short_title,
    size,
    where,
)

FACTS_SHOWN = 60
FINDINGS_SHOWN = 40
PLACES_SHOWN = 40


def detail(artifact: Artifact, context: Context) -> dict[str, Any]:
    """Return the drawer's content: short lists of text, in the order in which the script shows them."""
    return {
        "title": short_title(artifact),
        "sha256": artifact.sha256,
        "claimed": artifact.claimed_sha256 if artifact.claimed_sha256 != artifact.sha256 else None,
        "blake3": artifact.blake3,
        "keys": [["Format", artifact.format], ["Size", f"{size(artifact.size)} ({artifact.size:,} bytes)"]],
        "verdict": _verdict(artifact),
        "findings": _limited(
            [_finding(finding) for finding in findings_for(artifact.findings, context.persona)], FINDINGS_SHOWN
        ),
        "license": _license(artifact),
        "facts": _limited(
            [
                [visible(fact.name, 80), fact_text(fact.name, fact.value), fact.grade.value, visible(fact.source, 160)]
                for fact in artifact.facts
            ],
            FACTS_SHOWN,
        ),
        "places": _limited(
            [
                [
                    where(place.path, place.member, context.home),
                    " · ".join(
                        word
                        for word in (
                            visible(place.store or ""),
                            visible(place.store_name or ""),
                            "symbolic link" if place.link else "",
                        )
                        if word
                    ),
                ]
                for place in artifact.places
            ],
            PLACES_SHOWN,
        ),
        "more": _more(artifact, context),
    }


def fact_text(name: str, value: FactValue) -> str:
    """Return a fact's value for a person."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "—"}[value]
    if isinstance(value, int):
        if abs(value) >= 1 << 64:
            return visible(hex(value), 80)
        return f"{quantity(value)} ({value:,})" if name == "parameters" and value >= 1000 else f"{value:,}"
    if isinstance(value, dict):
        items = [f"{visible(str(key), 80)}: {fact_text('', item)}" for key, item in list(value.items())[:20]]
        return middle(", ".join(items), 600)
    if isinstance(value, tuple):
        return middle(", ".join(fact_text("", item) for item in value[:30]), 600)
    return visible(str(value), 600)


def _finding(finding: Finding) -> list[str]:
    return [
        SEVERITIES[finding.severity],
        finding.severity.value,
        finding.confidence.value,
        visible(finding.message, MESSAGE_LIMIT),
        finding.check,
        evidence_words(finding),
        visible(finding.evidence.value or ""),
        visible(finding.remedy, MESSAGE_LIMIT),
        finding.atlas or "",
    ]


def _verdict(artifact: Artifact) -> dict[str, Any] | None:
    verdict = artifact.verdict
    if verdict is None:
        return None
    look = DECISIONS[verdict.decision]
    strict = verdict.by_rules if verdict.by_rules is not verdict.decision else None
    return {
        "role": look.role,
        "text": f"{look.symbol} {verdict.decision} to {visible(verdict.action, 40)} under {visible(verdict.policy, 60)}"
        f" ({verdict.mode})" + ("" if strict is None else f"; its rules say {strict}"),
        "rules": [
            [
                visible(rule.id, 80),
                visible(rule.reason, MESSAGE_LIMIT),
                ", ".join(f"{visible(name, 60)} = {visible(value, 80)}" for name, value in rule.facts[:12]),
            ]
            for rule in verdict.rules[:12]
        ],
        "remedy": visible(verdict.remedy, MESSAGE_LIMIT),
    }


def _license(artifact: Artifact) -> list[list[str]]:
    """What the terms are and why, what to do, the duties, then the evidence."""
    terms = artifact.license
    pairs = [["Terms", f"{COMMERCIALS[terms.commercial].symbol} {headline(terms)}"], ["", f"→ {step(terms)}"]]
    pairs += [
        ["To do" if not number else "", f"☐ {line}"] for number, line in enumerate(checklist(terms.effective)[:30])
    ]
    pairs.append(["Commercial use", terms.commercial.value])
    if terms.commercial is not Commercial.UNKNOWN:
        pairs.append(["Outputs", outputs_words(terms.effective)])
    pairs += [["Declared", f"{visible(item.value, 200)} ({visible(item.source, 120)})"] for item in terms.declared[:10]]
    if not terms.declared:
        pairs.append(["Declared", "nothing found"])
    pairs += [["Text", text_words(text)] for text in terms.texts[:10]]
    sure = f" ({terms.method}, {terms.confidence} confidence)" if terms.method and terms.confidence else ""
    pairs.append(["Concluded", visible(terms.concluded, 200) + sure if terms.concluded else "—"])
    if len(terms.effective.chain) > 1:
        pairs += [["Chain" if not number else "", line] for number, line in enumerate(chain_words(terms)[:20])]
    return pairs + [["Because", visible(reason, MESSAGE_LIMIT)] for reason in terms.reasons[:10]]


def _more(artifact: Artifact, context: Context) -> list[list[Any]]:
    more: list[list[Any]] = []
    if artifact.ancestry or artifact.lineage:
        names = ancestry_words(artifact.ancestry) or [visible(name, 200) for name in artifact.lineage[:20]]
        more.append(["Lineage, nearest first", names])
    if artifact.parts:
        parts = [f"{where(part.path, None, context.home)}, {size(part.size)}" for part in artifact.parts[:40]]
        more.append(["Parts", parts])
    coverage = artifact.coverage
    if coverage is not None:
        lines = [f"{size(coverage.bytes_read)} read"]
        if coverage.members_read:
            lines[0] += f", {coverage.members_read:,} members"
        lines += [f"passed over: {visible(reason, 200)}" for reason in coverage.skipped[:20]]
        more.append(["Coverage", lines])
    return more


def _limited(items: list[Any], limit: int) -> list[Any]:
    return items[:limit]
