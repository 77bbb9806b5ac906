"""How words of the vocabulary look in every report: symbol, color role, unit. A symbol stands beside every color."""

from typing import Literal, NamedTuple

from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Finding, Persona, Severity
from weighbridge.model.license import ChainLink, Commercial, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.model.verdict import Decision
from weighbridge.report.escape import visible, visible_path

Role = Literal["success", "warning", "error", "hint", "muted"]


class Look(NamedTuple):
    """Symbol and color role of one word."""

    symbol: str
    role: Role


ASSESSMENTS: dict[Assessment, Look] = {
    Assessment.MALICIOUS: Look("✗", "error"),
    Assessment.HOSTILE: Look("▲", "error"),
    Assessment.INCOMPLETE: Look("?", "warning"),
    Assessment.REVIEW: Look("!", "warning"),
    Assessment.CLEAN: Look("✓", "success"),
    Assessment.NOT_A_MODEL: Look("·", "muted"),
}
"""Worst first: the order of every report."""

DECISIONS: dict[Decision, Look] = {
    Decision.DENY: Look("✗", "error"),
    Decision.PENDING: Look("…", "warning"),
    Decision.WARN: Look("!", "warning"),
    Decision.ALLOW: Look("✓", "success"),
}

COMMERCIALS: dict[Commercial, Look] = {
    Commercial.PROHIBITED: Look("✗", "error"),
    Commercial.UNKNOWN: Look("?", "warning"),
    Commercial.CONDITIONAL: Look("!", "warning"),
    Commercial.ALLOWED: Look("✓", "success"),
}
"""Strictest first."""

THIS = "this artifact"
"""How a chain of ancestors calls its first member."""

SEVERITIES: dict[Severity, Role] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "hint",
    Severity.INFO: "muted",
}

_RANK = {assessment: rank for rank, assessment in enumerate(ASSESSMENTS)}
_STRICTNESS = {decision: rank for rank, decision in enumerate(DECISIONS)}
_GRADES = tuple(Grade)


def worst_first(scan: Scan) -> list[Artifact]:
    """Return the artifacts of a scan in report order: assessment, then verdict, then name."""
    return sorted(
        scan.artifacts,
        key=lambda artifact: (
            _RANK[artifact.assessment],
            _STRICTNESS[artifact.verdict.decision] if artifact.verdict else len(_STRICTNESS),
            _key(artifact),
        ),
    )


def main_place(artifact: Artifact) -> Place | None:
    """Return the place that tells most about the artifact: one that a store names, else the first."""
    for place in artifact.places:
        if place.store_name:
            return place
    return artifact.places[0] if artifact.places else None


def title(artifact: Artifact, home: str = "") -> str:
    """Return what a person would call the artifact: the store's name for it, else its path."""
    place = main_place(artifact)
    if place is None:
        return "(no place)"
    if place.store_name:
        return visible(place.store_name)
    return where(place.path, place.member, home)


def short_title(artifact: Artifact) -> str:
    """Return the store's name for the artifact, else its file name; the path stands beside it."""
    place = main_place(artifact)
    if place is None or place.store_name:
        return title(artifact)
    path = place.path if place.member is None else place.member.encode("utf-8", "backslashreplace")
    return visible_path(path.replace(b"\\", b"/").rstrip(b"/").rpartition(b"/")[2]) or "/"


def where(path: bytes, member: str | None, home: str = "") -> str:
    """Return path and member for a person, the home folder as `~`."""
    text = visible_path(path)
    if home and text.startswith(home + "/"):
        text = "~" + text[len(home) :]
    return text if member is None else f"{text}!/{visible(member, 1000)}"


def findings_for(artifact_findings: tuple[Finding, ...], persona: str) -> list[Finding]:
    """Return the findings that this audience wants, worst first as they come."""
    if persona == Persona.AUDITOR:
        return list(artifact_findings)
    return [finding for finding in artifact_findings if finding.persona is not Persona.AUDITOR]


def best_fact(artifact: Artifact, name: str) -> Fact | None:
    """Return the fact `name` with the best grade, if any."""
    facts = [fact for fact in artifact.facts if fact.name == name]
    return min(facts, key=lambda fact: _GRADES.index(fact.grade), default=None)


def evidence_words(finding: Finding) -> str:
    """Return where a finding stands, in one short line."""
    evidence = finding.evidence
    words = []
    if evidence.member is not None:
        words.append(visible(evidence.member, 120))
    if evidence.offset is not None:
        words.append(f"byte {evidence.offset:,}")
    if evidence.opcode is not None:
        words.append(visible(evidence.opcode, 40))
    if evidence.key is not None:
        words.append(visible(evidence.key, 80))
    return " · ".join(words)


def size(count: int) -> str:
    """Return bytes in decimal units, three digits: `4.68 GB`."""
    return f"{_scaled(count, ('B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'))}"


def quantity(count: int) -> str:
    """Return a count as model people write it: `7.24 B` parameters."""
    return _scaled(count, ("", "k", "M", "B", "T")).strip()


def counted(count: int, word: str, plural: str | None = None) -> str:
    """Return `1 model`, `2 models`, `12,000 models`."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"


def license_word(artifact: Artifact) -> str:
    """Return the license in short: whether commercial use is allowed, the license, and the ancestor's that decides."""
    terms = artifact.license
    link = deciding(terms)
    decided = link.license if link is not None and link.name != THIS else None
    said = terms.concluded or (terms.declared[0].value if terms.declared else "")
    if not said and not decided:
        return "—"
    words = [visible(word, 58) for word in dict.fromkeys((said, decided)) if word]
    return f"{COMMERCIALS[terms.commercial].symbol} {' → '.join(words)}"


def deciding(terms: LicenseTerms) -> ChainLink | None:
    """Return the member of the ancestry whose terms are the strictest."""
    return next((link for link in terms.effective.chain if link.name == terms.effective.decided_by), None)


def _key(artifact: Artifact) -> tuple[str, bytes, str]:
    place = main_place(artifact)
    if place is None:
        return ("", b"", "")
    return (place.store or "", place.path, place.member or "")


def _scaled(count: int, units: tuple[str, ...]) -> str:
    if count < 1000:
        return f"{count} {units[0]}"
    amount, step = float(count), 0
    while amount >= 999.5 and step < len(units) - 1:
        amount, step = amount / 1000, step + 1
    digits = 2 if amount < 9.995 else 1 if amount < 99.95 else 0
    return f"{amount:.{digits}f} {units[step]}"
