"""The terminal table: grouped by assessment, worst first; findings and what to do stand under their artifact."""

from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from weighbridge.model.artifact import Artifact, Repository, Scan
from weighbridge.model.finding import Assessment, Finding, Persona
from weighbridge.model.license import Commercial
from weighbridge.model.verdict import HINTS, Decision, Verdict
from weighbridge.report.ancestry_words import ancestry_words
from weighbridge.report.escape import MESSAGE_LIMIT, middle, visible
from weighbridge.report.renderer import Context, Renderer
from weighbridge.report.words import (
    ASSESSMENTS,
    DECISIONS,
    SEVERITIES,
    Role,
    best_fact,
    counted,
    evidence_words,
    findings_for,
    license_word,
    main_place,
    quantity,
    size,
    title,
    where,
    worst_first,
)

STYLES: dict[Role, str] = {"success": "green", "error": "bold red", "warning": "yellow", "hint": "cyan", "muted": "dim"}
FINDINGS_SHOWN = 4
RULES_SHOWN = 2
UNEXAMINED_SHOWN = 20
_COLUMNS = {
    "format": (14, 72),
    "size": (9, 0),
    "params": (8, 110),
    "store": (13, 110),
    "license": (16, 72),
    "verdict": (11, 0),
}
"""Column to its width with the gap, and the narrowest page that shows it. The artifact column takes the rest."""
_FLUSH_RIGHT = frozenset({"size", "params"})
_MEANING = {
    Assessment.MALICIOUS: "runs or reaches what no model needs",
    Assessment.HOSTILE: "malformed on purpose, or a resource attack",
    Assessment.INCOMPLETE: "not everything could be read",
    Assessment.REVIEW: "needs code or a claim that somebody must accept",
    Assessment.CLEAN: "fully examined, holds data only",
    Assessment.NOT_A_MODEL: "holds no model",
}


class _Page:
    """Lines of the report at one width."""

    def __init__(self, context: Context) -> None:
        self.width = max(48, min(context.width, 160))
        self.lines: list[Text] = []
        self._console = Console(width=self.width, file=StringIO(), color_system=None)
        self.columns = {name: width for name, (width, least) in _COLUMNS.items() if self.width >= least}
        self.columns = {"artifact": max(14, self.width - sum(self.columns.values())), **self.columns}

    def add(self, text: Text) -> None:
        self.lines.append(text)

    def wrapped(self, text: Text, first: str, rest: str) -> None:
        """Add `text` folded to the width, hanging under its first line."""
        if cell_len(text.plain) <= self.width - len(rest):
            self.add(Text(first) + text)
            return
        for number, line in enumerate(text.wrap(self._console, self.width - len(rest))):
            line.rstrip()
            self.add(Text(first if number == 0 else rest) + line)

    def row(self, cells: dict[str, tuple[str, str]]) -> None:
        """Add one row of (text, style) cells, those of them for which there is a column."""
        line = Text("  ")
        for name, width in self.columns.items():
            text, style = cells[name]
            room = width - 2
            if cell_len(text) > room:
                text = middle(text, room) if name == "artifact" else text[: max(0, room - 1)] + "…"
                text = set_cell_size(text, room) if cell_len(text) > room else text
            gap = " " * (room - cell_len(text))
            line.append(gap + text if name in _FLUSH_RIGHT else text + gap, style)
            line.append("  ")
        line.rstrip()
        self.add(line)


def _render(scan: Scan, context: Context) -> str:
    page = _Page(context)
    _head(page, context)
    if scan.artifacts:
        page.row({name: (name, "dim") for name in page.columns})
    groups: dict[Assessment, list[Artifact]] = {}
    for artifact in worst_first(scan):
        groups.setdefault(artifact.assessment, []).append(artifact)
    for assessment in ASSESSMENTS:
        if assessment in groups:
            _group(page, assessment, groups[assessment], context)
    _repositories(page, scan, context)
    _unexamined(page, scan, context)
    _summary(page, scan)
    return _text_of(page, context)


def _text_of(page: _Page, context: Context) -> str:
    if not context.color:
        return "".join(f"{line.plain}\n" for line in page.lines)
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=page.width,
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
    )
    for line in page.lines:
        console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)
    return buffer.getvalue()


def _head(page: _Page, context: Context) -> None:
    line = Text().append("Weighbridge", "bold").append(f" {context.version}", "dim")
    line.append(f"  {visible(context.machine, 60)}", "cyan")
    if context.policy:
        line.append(f"  policy {visible(context.policy, 80)}", "dim")
    page.add(line)
    page.add(Text())


def _group(page: _Page, assessment: Assessment, artifacts: list[Artifact], context: Context) -> None:
    look = ASSESSMENTS[assessment]
    line = Text().append(f"{look.symbol} {assessment.value.upper()} {len(artifacts)}", STYLES[look.role])
    line.append(f"  {_MEANING[assessment]}", "dim")
    page.add(line)
    for artifact in artifacts:
        _artifact(page, artifact, context)
    page.add(Text())


def _artifact(page: _Page, artifact: Artifact, context: Context) -> None:
    verdict = artifact.verdict
    shown = ("—", "dim")
    if verdict is not None:
        decided = DECISIONS[verdict.decision]
        shown = (f"{decided.symbol} {verdict.decision}", STYLES[decided.role])
    parameters = best_fact(artifact, "parameters")
    count = quantity(parameters.value) if parameters and isinstance(parameters.value, int) else ""
    place = main_place(artifact)
    name = title(artifact, context.home)
    page.row(
        {
            "artifact": (name, "cyan"),
            "format": (artifact.format, ""),
            "size": (size(artifact.size), ""),
            "params": (count, "dim"),
            "store": ((place.store if place else None) or "—", "dim"),
            "license": (license_word(artifact), _license_style(artifact)),
            "verdict": shown,
        }
    )
    findings = findings_for(artifact.findings, context.persona)
    notable = bool(findings) or artifact.assessment is not Assessment.CLEAN
    cut = cell_len(name) > page.columns["artifact"] - 2
    if place is not None and notable and (place.store_name or cut):
        page.wrapped(Text(where(place.path, place.member, context.home), "dim"), "    ", "    ")
    _findings(page, findings, artifact)
    if context.persona is Persona.AUDITOR:
        for line in ancestry_words(artifact.ancestry):
            page.wrapped(Text(line, "dim"), "    ", "      ")
    if verdict is not None and verdict.decision is not Decision.ALLOW:
        _verdict(page, verdict, remedy=not findings)
    if verdict is not None:
        _hints(page, verdict)


def _license_style(artifact: Artifact) -> str:
    """A prohibition stands out; everything else is told by its symbol."""
    return "red" if artifact.license.commercial is Commercial.PROHIBITED else "dim"


def _verdict(page: _Page, verdict: Verdict, *, remedy: bool) -> None:
    """Add the deciding rules, and what to do unless findings already said it."""
    look = DECISIONS[verdict.decision]
    for rule in [rule for rule in verdict.rules if rule.id not in HINTS][:RULES_SHOWN]:
        line = Text().append("policy ", STYLES[look.role])
        line.append(visible(rule.reason, MESSAGE_LIMIT)).append(f"  {visible(rule.id, 60)}", "dim")
        page.wrapped(line, "    ", "      ")
    advice = verdict.remedy or (verdict.rules[0].remedy if verdict.rules else "")
    if remedy and advice:
        page.wrapped(Text(visible(advice, MESSAGE_LIMIT)), "      → ", "        ")


def _hints(page: _Page, verdict: Verdict) -> None:
    """Add what the catalog says beside the decision: that it is approved, or that something else is to be used."""
    for rule in verdict.rules:
        if rule.id in HINTS:
            line = Text().append("hint ", STYLES["hint"]).append(visible(rule.reason, MESSAGE_LIMIT))
            page.wrapped(line.append(f"  {visible(rule.id, 60)}", "dim"), "    ", "      ")
            if rule.remedy:
                page.wrapped(Text(visible(rule.remedy, MESSAGE_LIMIT)), "      → ", "        ")


def _findings(page: _Page, findings: list[Finding], artifact: Artifact | None) -> None:
    remedies: set[str] = set()
    for finding in findings[:FINDINGS_SHOWN]:
        line = Text().append(f"{finding.severity} ", STYLES[SEVERITIES[finding.severity]])
        line.append(visible(finding.message, MESSAGE_LIMIT)).append(f"  {finding.check}", "dim")
        stands = evidence_words(finding)
        if stands:
            line.append(f" · {stands}", "dim")
        page.wrapped(line, "    ", "      ")
        if finding.remedy not in remedies:
            remedies.add(finding.remedy)
            page.wrapped(Text(visible(finding.remedy, MESSAGE_LIMIT)), "      → ", "        ")
    if len(findings) > FINDINGS_SHOWN:
        more = f"and {counted(len(findings) - FINDINGS_SHOWN, 'more finding')}"
        page.add(Text(f"    {more}: wb inspect FILE" if artifact else f"    {more}", "dim"))


def _repositories(page: _Page, scan: Scan, context: Context) -> None:
    notable = [item for item in scan.repositories if findings_for(item.findings, context.persona)]
    if not notable:
        return
    page.add(Text().append(f"! REPOSITORIES {len(notable)}", "yellow").append("  judged as a whole", "dim"))
    order = list(ASSESSMENTS)
    known = {(finding.check, finding.message) for artifact in scan.artifacts for finding in artifact.findings}
    for repository in sorted(notable, key=lambda item: (order.index(item.assessment), item.path)):
        _repository(page, repository, context, known)
    page.add(Text())


def _repository(page: _Page, repository: Repository, context: Context, known: set[tuple[str, str]]) -> None:
    """Add a repository; findings that already stand under an artifact are only named."""
    look = ASSESSMENTS[repository.assessment]
    line = Text().append(f"{look.symbol} {repository.assessment}", STYLES[look.role])
    line.append(f"  {where(repository.path, None, context.home)}", "cyan")
    findings = findings_for(repository.findings, context.persona)
    above = sorted({finding.check for finding in findings if (finding.check, finding.message) in known})
    if above:
        line.append(f"  see above: {', '.join(above)}", "dim")
    page.wrapped(line, "  ", "    ")
    _findings(page, [finding for finding in findings if (finding.check, finding.message) not in known], None)


def _unexamined(page: _Page, scan: Scan, context: Context) -> None:
    if not scan.unexamined:
        return
    head = Text().append(f"? NOT EXAMINED {len(scan.unexamined)}", "yellow")
    page.add(head.append("  nothing is known of these", "dim"))
    for item in scan.unexamined[:UNEXAMINED_SHOWN]:
        line = Text().append(where(item.path, item.member, context.home), "cyan")
        line.append(f"  {visible(item.reason, MESSAGE_LIMIT)}")
        page.wrapped(line, "  ", "    ")
    if len(scan.unexamined) > UNEXAMINED_SHOWN:
        page.add(Text(f"  and {len(scan.unexamined) - UNEXAMINED_SHOWN:,} more: see --format json", "dim"))
    page.add(Text())


def _summary(page: _Page, scan: Scan) -> None:
    total = sum(artifact.size for artifact in scan.artifacts)
    line = Text().append(counted(len(scan.artifacts), "model artifact"), "bold")
    line.append(f", {size(total)}, in {counted(scan.files_seen, 'file')}")
    page.wrapped(line, "", "")
    assessments = Text()
    for assessment, look in ASSESSMENTS.items():
        count = sum(artifact.assessment is assessment for artifact in scan.artifacts)
        if count:
            assessments.append(f"{look.symbol} {count} {assessment}", STYLES[look.role]).append("   ")
    decisions = Text()
    for decision, look in DECISIONS.items():
        count = sum(item.verdict is not None and item.verdict.decision is decision for item in scan.artifacts)
        if count:
            decisions.append(f"{look.symbol} {count} {decision}", STYLES[look.role]).append("   ")
    for name, text in (("assessed  ", assessments), ("verdict   ", decisions)):
        if text:
            text.rstrip()
            page.wrapped(text, name, " " * len(name))
    if scan.interrupted:
        page.add(Text("! interrupted: this is what was weighed until then", "yellow"))


RENDERER = Renderer(id="table", title="Terminal table", media_type="text/plain", render=_render)
