"""Everything known about each artifact, for the terminal: what `wb inspect` shows."""

from io import StringIO

from rich.console import Console
from rich.text import Text

from weighbridge.model.artifact import Artifact, Scan
from weighbridge.report.escape import MESSAGE_LIMIT, visible
from weighbridge.report.html_detail import detail
from weighbridge.report.renderer import Context, Renderer
from weighbridge.report.table import STYLES
from weighbridge.report.words import ASSESSMENTS, COMMERCIALS, DECISIONS, Role, where, worst_first

_LABEL = 16
_MIDDLE_GRADES: dict[str, tuple[str, str]] = {"measured": ("●", "green"), "signed": ("●", "green")}


class _Sheet:
    def __init__(self, context: Context) -> None:
        self.width = max(48, min(context.width, 120))
        self._buffer = StringIO()
        self._console = Console(
            file=self._buffer,
            width=self.width,
            force_terminal=context.color,
            no_color=not context.color,
            color_system="standard" if context.color else None,
            legacy_windows=False,
        )

    def line(self, text: Text | str = "", indent: int = 0) -> None:
        """Add text, folded and hanging at `indent`."""
        body = Text(text) if isinstance(text, str) else text
        for part in body.wrap(self._console, self.width - indent) or [Text()]:
            part.rstrip()
            self._console.print(Text(" " * indent) + part, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def pair(self, name: str, value: Text | str, style: str = "") -> None:
        """Add a labelled value."""
        body = Text(value, style) if isinstance(value, str) else value
        for number, part in enumerate(body.wrap(self._console, self.width - _LABEL - 2) or [Text()]):
            label = Text(f"  {name:<{_LABEL}}" if number == 0 else " " * (_LABEL + 2), "dim")
            part.rstrip()
            self._console.print(label + part, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def heading(self, text: str) -> None:
        """Add the title of a section."""
        self.line()
        self.line(Text(text, "bold"))

    @property
    def text(self) -> str:
        """Everything so far."""
        return self._buffer.getvalue()


def _render(scan: Scan, context: Context) -> str:
    sheet = _Sheet(context)
    ordered = worst_first(scan)
    for number, artifact in enumerate(ordered):
        if number:
            sheet.line()
            sheet.line(Text("─" * sheet.width, "dim"))
        _artifact(sheet, artifact, context)
    for repository in scan.repositories:
        if repository.findings:
            sheet.heading(f"Repository {where(repository.path, None, context.home)}")
            for finding in repository.findings:
                look = ASSESSMENTS[repository.assessment]
                sheet.line(
                    Text().append(f"{look.symbol} {finding.severity} ", STYLES[look.role]).append(finding.check, "dim"),
                    2,
                )
    for item in scan.unexamined:
        sheet.line(Text().append("? not examined ", "yellow").append(where(item.path, item.member, context.home)))
        sheet.line(visible(item.reason, MESSAGE_LIMIT), 2)
    if not ordered and not scan.unexamined:
        sheet.line(Text("· no model here", "dim"))
    return sheet.text


def _artifact(sheet: _Sheet, artifact: Artifact, context: Context) -> None:
    shown = detail(artifact, context)
    look = ASSESSMENTS[artifact.assessment]
    sheet.line(Text(shown["title"], "bold cyan"))
    sheet.line(Text(f"{look.symbol} {artifact.assessment}", STYLES[look.role]))
    sheet.heading("Identity")
    for name, value in shown["keys"]:
        sheet.pair(name, value)
    sheet.pair("SHA-256", artifact.sha256 or "not hashed")
    if artifact.claimed_sha256:
        agrees = artifact.claimed_sha256 == artifact.sha256
        note = "✓ as claimed by the store" if agrees else artifact.claimed_sha256
        sheet.pair("claimed", note if agrees or artifact.sha256 else f"{note} (not yet measured)")
    if artifact.blake3:
        sheet.pair("BLAKE3", artifact.blake3, "dim")
    _verdict(sheet, artifact, shown)
    if shown["findings"]:
        sheet.heading(f"Findings ({len(shown['findings'])})")
        for finding in shown["findings"]:
            _finding(sheet, finding)
    sheet.heading("License")
    for name, value in shown["license"]:
        sheet.pair(name, value, STYLES[COMMERCIALS[artifact.license.commercial].role] if name == "Terms" else "")
    if shown["facts"]:
        sheet.heading(f"Facts ({len(artifact.facts)})")
        for name, value, grade, source in shown["facts"]:
            mark, style = _MIDDLE_GRADES.get(grade, ("○", "dim"))
            body = Text(value).append(f"  {mark} {grade}", style).append(f", {source}", "dim")
            sheet.pair(name if len(name) < _LABEL else name + " ", body)
    sheet.heading(f"Places ({len(artifact.places)})")
    for path, store in shown["places"]:
        sheet.line(Text(path).append(f"  {store}" if store else "", "dim"), 2)
    for name, lines in shown["more"]:
        sheet.heading(name)
        for line in lines:
            sheet.line(Text(line, "dim"), 2)


def _verdict(sheet: _Sheet, artifact: Artifact, shown: dict[str, object]) -> None:
    verdict = shown["verdict"]
    if artifact.verdict is None or not isinstance(verdict, dict):
        return
    sheet.heading("Verdict")
    sheet.line(Text(str(verdict["text"]), STYLES[DECISIONS[artifact.verdict.decision].role]), 2)
    for rule_id, reason, facts in verdict["rules"]:
        sheet.line(Text(reason).append(f"  {rule_id}" + (f" · {facts}" if facts else ""), "dim"), 4)
    if verdict["remedy"]:
        sheet.line(f"→ {verdict['remedy']}", 4)


def _finding(sheet: _Sheet, finding: list[str]) -> None:
    role, severity, confidence, message, check, stands, value, remedy, atlas = finding
    style = STYLES[_role(role)]
    sheet.line(Text().append(f"{severity} ", style).append(message), 2)
    trail = " · ".join(word for word in (check, f"{confidence} confidence", atlas, stands, value) if word)
    sheet.line(Text(trail, "dim"), 4)
    sheet.line(f"→ {remedy}", 4)


def _role(name: str) -> Role:
    for role in STYLES:
        if role == name:
            return role
    return "muted"


RENDERER = Renderer(id="page", title="Everything about each artifact", media_type="text/plain", render=_render)
