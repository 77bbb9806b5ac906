"""The audit of agents for people: who is here, one line each; then what to know, worst first, by file."""

from collections.abc import Iterable
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from weighbridge.model.agent import AgentInventory, InstalledAgent
from weighbridge.model.agent_audit import AgentAudit, Judged
from weighbridge.model.finding import Finding, Severity
from weighbridge.report.escape import MESSAGE_LIMIT, visible
from weighbridge.report.table import STYLES
from weighbridge.report.words import SEVERITIES, counted, where

_LEAST_WIDTH, _MOST_WIDTH = 60, 110
_ORDER = tuple(Severity)
_SYMBOLS = {Severity.CRITICAL: "✗", Severity.HIGH: "✗", Severity.MEDIUM: "!", Severity.LOW: "·", Severity.INFO: "·"}
_MOST_PLACES = 4
_MOST_UNEXAMINED = 8


def render(audit: AgentAudit, *, width: int, color: bool, home: str) -> str:
    """Return the whole audit as text ending in a newline.

    Args:
        audit: what was found.
        width: columns.
        color: whether terminal colors may be used.
        home: home folder, shown as `~`.
    """
    page = _Page(width)
    _agents(page, audit)
    _findings(page, audit, home)
    _unexamined(page, audit, home)
    _summary(page, audit)
    return page.text(color=color)


class _Page:
    """Lines at one width."""

    def __init__(self, width: int) -> None:
        self.width = max(_LEAST_WIDTH, min(width, _MOST_WIDTH))
        self._console = Console(width=self.width, file=StringIO(), color_system=None)
        self._lines: list[Text] = []

    def line(self, text: Text | str = "") -> None:
        self._lines.append(Text(text) if isinstance(text, str) else text)

    def folded(self, text: Text, first: str, rest: str) -> None:
        """Add `text`, folded: `first` before its first line, `rest` before the others."""
        for number, part in enumerate(text.wrap(self._console, self.width - len(rest))):
            part.rstrip()
            self.line(Text(rest if number else first) + part)

    def beside(self, name: Text, told: Text) -> None:
        """Add `told` after `name`, folded in a column of its own."""
        for number, part in enumerate(told.wrap(self._console, self.width - cell_len(name.plain))):
            part.rstrip()
            plain = Text.assemble(*[(text.replace("\u00a0", " "), style) for text, style in _pieces(part)])
            self.line((Text(" " * cell_len(name.plain)) if number else name) + plain)

    def text(self, *, color: bool) -> str:
        if not color:
            return "".join(f"{line.plain}\n" for line in self._lines)
        buffer = StringIO()
        console = Console(file=buffer, width=self.width, force_terminal=True, color_system="standard", highlight=False)
        for line in self._lines:
            console.print(line, soft_wrap=True)
        return buffer.getvalue()


def _pieces(text: Text) -> Iterable[tuple[str, str]]:
    """Yield runs of one style."""
    for piece in text.divide(sorted({edge for span in text.spans for edge in (span.start, span.end)})):
        style = str(piece.spans[0].style) if piece.spans else ""
        yield piece.plain, style


def _agents(page: _Page, audit: AgentAudit) -> None:
    inventory = audit.inventory
    if not inventory.agents:
        page.line("No agent was found.")
        page.line()
        return
    page.line(Text(counted(len(inventory.agents), "agent"), "bold"))
    width = min(30, max(cell_len(_title(agent)) for agent in inventory.agents))
    for agent in inventory.agents:
        name = Text("  ").append(set_cell_size(_title(agent), width), "" if agent.installed else "dim").append("  ")
        told = Text()
        for number, (text, style) in enumerate(_parts(agent, inventory)):
            told.append(" · " if number else "", "dim").append(text.replace(" ", "\u00a0"), style)
        page.beside(name, told)
    page.line()


def _title(agent: InstalledAgent) -> str:
    return visible(" ".join(filter(None, (agent.title.partition(" (")[0], agent.version))), 40)


def _parts(agent: InstalledAgent, inventory: AgentInventory) -> list[tuple[str, str]]:
    """Return what is told of one agent, with the style of each part."""
    servers = sum(agent.id in server.agents and server.enabled for server in inventory.tool_servers)
    skills = sum(agent.id in skill.agents for skill in inventory.skills)
    hooks = sum(hook.agent == agent.id for hook in inventory.hooks)
    parts = [
        (counted(number, word), "dim")
        for number, word in ((servers, "tool server"), (skills, "skill"), (hooks, "hook"))
        if number
    ]
    if any(one.agent == agent.id and one.autonomous for one in inventory.permissions):
        parts.insert(0, ("acts without asking", STYLES["error"]))
    if not agent.installed:
        parts.append(("configuration only", "dim"))
    return parts or [("installed", "dim")]


def _findings(page: _Page, audit: AgentAudit, home: str) -> None:
    """Add findings by severity; the same sentence about several things is said once."""
    by_severity: dict[Severity, dict[tuple[str, str], list[tuple[Judged, Finding]]]] = {}
    for one in audit.judged:
        for finding in one.findings:
            said = by_severity.setdefault(finding.severity, {})
            said.setdefault((finding.check, finding.message), []).append((one, finding))
    for severity in sorted(by_severity, key=_ORDER.index, reverse=True):
        said = by_severity[severity]
        style = STYLES[SEVERITIES[severity]]
        page.line(Text(f"{_SYMBOLS[severity]} {severity.upper()} {sum(map(len, said.values()))}", style))
        last_remedy = ""
        for (check, message), found in sorted(said.items(), key=lambda item: item[0]):
            text = Text(visible(message, MESSAGE_LIMIT)).append(f"  {check}", "dim")
            page.folded(text, "  ", "    ")
            _places(page, found, home)
            remedy = found[0][1].remedy
            if remedy != last_remedy:
                page.folded(Text(visible(remedy, MESSAGE_LIMIT)), "      → ", "        ")
            last_remedy = remedy
        page.line()


def _places(page: _Page, found: Iterable[tuple[Judged, Finding]], home: str) -> None:
    places = list(dict.fromkeys(_place(one, home) for one, _ in found))
    for place in places[:_MOST_PLACES]:
        page.folded(Text(place, "cyan"), "      ", "      ")
    if len(places) > _MOST_PLACES:
        page.line(Text(f"      and {counted(len(places) - _MOST_PLACES, 'more place')}", "dim"))


def _place(one: Judged, home: str) -> str:
    line = f":{one.line}" if one.line else ""
    return where(one.path, None, home) + line


def _unexamined(page: _Page, audit: AgentAudit, home: str) -> None:
    if not audit.unexamined:
        return
    page.line(Text(f"? NOT READ {len(audit.unexamined)}", STYLES["warning"]))
    for item in audit.unexamined[:_MOST_UNEXAMINED]:
        text = Text(where(item.path, None, home), "cyan")
        page.folded(text.append(f"  {visible(item.reason, MESSAGE_LIMIT)}", ""), "  ", "    ")
    if len(audit.unexamined) > _MOST_UNEXAMINED:
        page.line(Text(f"  and {len(audit.unexamined) - _MOST_UNEXAMINED} more: see --format json", "dim"))
    page.line()


def _summary(page: _Page, audit: AgentAudit) -> None:
    inventory = audit.inventory
    numbers = (
        (len(inventory.tool_servers), "tool server"),
        (len(inventory.skills), "skill"),
        (len(inventory.hooks), "hook"),
        (len(inventory.instructions), "instruction file"),
        (len(audit.tools.tools), "AI tool"),
    )
    known = ", ".join(counted(number, word) for number, word in numbers if number)
    findings = sum(len(one.findings) for one in audit.judged)
    if known or findings:
        page.folded(Text(f"{counted(findings, 'finding')} in {known or 'what was read'}.", "bold"), "", "")
    page.folded(Text("Read from files: nothing was started, no socket was opened, no key leaves here.", "dim"), "", "")
