"""Markdown, for change requests and wikis."""

import re

from weighbridge.licensing.duties import checklist
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.finding import Assessment, Finding
from weighbridge.model.license import Commercial
from weighbridge.model.verdict import Decision
from weighbridge.report.escape import MESSAGE_LIMIT, middle, visible
from weighbridge.report.license_words import headline, step
from weighbridge.report.renderer import Context, Renderer
from weighbridge.report.words import (
    ASSESSMENTS,
    COMMERCIALS,
    DECISIONS,
    counted,
    evidence_words,
    findings_for,
    license_word,
    main_place,
    size,
    title,
    where,
    worst_first,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~$&@:]|(?<=www)\.)", re.IGNORECASE)


def _render(scan: Scan, context: Context) -> str:
    lines = ["# Weighbridge report", ""]
    lines += [_plain(f"{context.machine} · policy {context.policy} · {context.finished_at} · {context.version}"), ""]
    lines += _summary(scan)
    ordered = worst_first(scan)
    if ordered:
        lines += [
            "## Artifacts",
            "",
            "| Assessment | Artifact | Format | Size | Store | License | Verdict | SHA-256 |",
            "|---|---|---|---:|---|---|---|---|",
            *(_row(artifact, context) for artifact in ordered),
            "",
        ]
    lines += _licenses(ordered, context)
    lines += _findings(ordered, scan, context)
    if scan.unexamined:
        lines += ["## Not examined", ""]
        for item in scan.unexamined:
            lines.append(f"- {_code(where(item.path, item.member, context.home))}: {_plain(item.reason)}")
        lines.append("")
    if scan.interrupted:
        lines += ["**Interrupted:** this is what was weighed until then.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _summary(scan: Scan) -> list[str]:
    total = sum(artifact.size for artifact in scan.artifacts)
    parts = []
    for assessment, look in ASSESSMENTS.items():
        count = sum(artifact.assessment is assessment for artifact in scan.artifacts)
        if count:
            parts.append(f"{look.symbol} {count} {assessment}")
    for decision, look in DECISIONS.items():
        count = sum(item.verdict is not None and item.verdict.decision is decision for item in scan.artifacts)
        if count and decision is not Decision.ALLOW:
            parts.append(f"{look.symbol} {count} {decision}")
    head = f"**{counted(len(scan.artifacts), 'model artifact')}**, {size(total)}"
    return [f"{head}, in {counted(scan.files_seen, 'file')}. {' · '.join(parts)}".rstrip(), ""]


def _row(artifact: Artifact, context: Context) -> str:
    look = ASSESSMENTS[artifact.assessment]
    place = main_place(artifact)
    store = (place.store if place else None) or "—"
    verdict = f"{DECISIONS[artifact.verdict.decision].symbol} {artifact.verdict.decision}" if artifact.verdict else "—"
    digest = artifact.sha256 or artifact.claimed_sha256
    cells = (
        f"{look.symbol} {artifact.assessment}",
        _code(middle(title(artifact, context.home), 120)),
        artifact.format,
        size(artifact.size),
        store,
        _plain(license_word(artifact)),
        verdict,
        f"`{digest[:12]}`" if digest else "—",
    )
    return "| " + " | ".join(cells) + " |"


def _licenses(ordered: list[Artifact], context: Context) -> list[str]:
    """Return terms and next step of every artifact whose license asks for something."""
    lines: list[str] = []
    for artifact in ordered:
        terms = artifact.license
        if terms.commercial is Commercial.ALLOWED or license_word(artifact) == "—":
            continue
        name = _code(middle(title(artifact, context.home), 160))
        answer, _, reason = headline(terms).partition(": ")
        lines.append(f"- {name} {COMMERCIALS[terms.commercial].symbol} **{answer}:** {_code(reason)}  ")
        lines.append(f"  → {_code(step(terms))}")
        if terms.commercial is Commercial.CONDITIONAL:
            lines += [f"  - [ ] {_plain(line)}" for line in checklist(terms.effective)[:30]]
    return ["## License terms", "", *lines, ""] if lines else []


def _findings(ordered: list[Artifact], scan: Scan, context: Context) -> list[str]:
    lines: list[str] = []
    for artifact in ordered:
        findings = findings_for(artifact.findings, context.persona)
        place = main_place(artifact)
        if findings and place is not None:
            lines += _section(where(place.path, place.member, context.home), artifact.assessment, findings)
    for repository in scan.repositories:
        findings = findings_for(repository.findings, context.persona)
        if findings:
            lines += _section(where(repository.path, None, context.home), repository.assessment, findings)
    return ["## Findings", "", *lines] if lines else []


def _section(name: str, assessment: Assessment, findings: list[Finding]) -> list[str]:
    lines = [f"### {ASSESSMENTS[assessment].symbol} {_code(middle(name, 160))}", ""]
    for finding in findings:
        stands = evidence_words(finding)
        lines.append(
            f"- **{finding.severity}** {_plain(finding.message)} (`{finding.check}`"
            + (f", {_code(stands)}" if stands else "")
            + f")  \n  → {_plain(finding.remedy)}"
        )
    return [*lines, ""]


def _plain(text: str) -> str:
    """Return hostile text as Markdown prose that says the same and does nothing: no link, image, HTML or mention."""
    return _SPECIAL.sub(r"\\\1", visible(text, MESSAGE_LIMIT))


def _code(text: str) -> str:
    """Return hostile text as a code span inside a table cell."""
    shown = visible(text, MESSAGE_LIMIT).replace("`", "'").replace("|", "¦")
    return f"`{shown}`"


RENDERER = Renderer(id="markdown", title="Markdown", media_type="text/markdown", render=_render)
