"""What runs, for people: one line a process, what to know about it under it.

PID      runtime        weights                       listens on            actor     verdict
4711     llama-cpp      tiny-llama                    127.0.0.1:8080        human     ✓ allow
         mapped · gguf 1.2 GB · 3f9c0a…
"""

from collections.abc import Iterable
from io import StringIO

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from weighbridge.model.actor import ActorKind
from weighbridge.model.running import RunningProcess, RunningWeights, Snapshot, WeightsEvidence
from weighbridge.model.verdict import HINTS, Decision
from weighbridge.report.escape import middle, visible, visible_path
from weighbridge.report.renderer import Context
from weighbridge.report.running_words import (
    NOTHING,
    accelerator_word,
    actor_word,
    listener_word,
    network_word,
    runtime_word,
    weights_name,
    weights_state,
)
from weighbridge.report.table import STYLES
from weighbridge.report.words import DECISIONS, SEVERITIES, Role, counted, findings_for, size

_COLUMNS = {"pid": 8, "runtime": 14, "weights": 0, "listens on": 18, "actor": 13, "verdict": 9}
"""Column to its width with the gap; the weights take the rest."""
_LEAST_WIDTH = 72
_MOST_WIDTH = 140
_EVIDENCE = {
    WeightsEvidence.MAPPED: "mapped",
    WeightsEvidence.OPEN: "open",
    WeightsEvidence.READ: "read",
    WeightsEvidence.COMMAND_LINE: "on its command line",
    WeightsEvidence.SERVER: "named by its server",
}
_INDENT = " " * 8
_MOST_RULES = 2
_MOST_FINDINGS = 4
_MOST_LISTENERS = 4
_DIGITS = 16


def render(snapshot: Snapshot, context: Context) -> str:
    """Return the whole table as text ending in a newline."""
    page = _Page(context)
    if snapshot.processes:
        page.row([(name, "dim") for name in _COLUMNS])
    for process in snapshot.processes:
        _process(page, process, context)
    if snapshot.processes:
        page.line(Text())
    for use in snapshot.device_load:
        page.line(Text(f"{accelerator_word(use)}: load of the whole device, by nobody in sight", "yellow"))
    _summary(page, snapshot, context.policy)
    return page.text(context)


class _Page:
    """Lines at one width."""

    def __init__(self, context: Context) -> None:
        self.width = max(_LEAST_WIDTH, min(context.width, _MOST_WIDTH))
        self._lines: list[Text] = []
        self._console = Console(width=self.width, file=StringIO(), color_system=None)
        fixed = sum(_COLUMNS.values())
        self._widths = [width or self.width - fixed for width in _COLUMNS.values()]

    def line(self, text: Text) -> None:
        self._lines.append(text)

    def folded(self, text: Text) -> None:
        """Add a line of any length."""
        for line in text.wrap(self._console, self.width):
            line.rstrip()
            self.line(line)

    def row(self, cells: Iterable[tuple[str, str]]) -> None:
        line = Text()
        for (text, style), width in zip(cells, self._widths, strict=True):
            line.append(set_cell_size(middle(text, width - 2), width - 2), style)
            line.append("  ")
        line.rstrip()
        self.line(line)

    def note(self, text: Text) -> None:
        """Add `text` below a row, folded."""
        for line in text.wrap(self._console, self.width - len(_INDENT)):
            line.rstrip()
            self.line(Text(_INDENT) + line)

    def text(self, context: Context) -> str:
        if not context.color:
            return "".join(f"{line.plain}\n" for line in self._lines)
        buffer = StringIO()
        console = Console(file=buffer, width=self.width, force_terminal=True, color_system="standard", highlight=False)
        for line in self._lines:
            console.print(line, soft_wrap=True)
        return buffer.getvalue()


def _process(page: _Page, process: RunningProcess, context: Context) -> None:
    first, *rest = process.weights or (None,)
    verdict = process.verdict
    look = None if verdict is None else DECISIONS[verdict.decision]
    listens, *more = [listener_word(listener) for listener in process.listeners] or [NOTHING]
    agent = process.actor.kind is ActorKind.AGENT
    exposed = any(listener.exposed for listener in process.listeners)
    page.row(
        [
            (str(process.pid), ""),
            (runtime_word(process), "bold"),
            (weights_name(first) if first is not None else NOTHING, "" if first is not None else "dim"),
            (listens, _style("warning") if exposed else ""),
            (process.actor.agent or actor_word(process.actor), _style("hint") if agent else ""),
            (f"{look.symbol} {verdict.decision}", _style(look.role)) if look and verdict else (NOTHING, "dim"),
        ]
    )
    if first is not None:
        page.note(_weights_words(first))
        _where(page, first, context)
    for weights in rest:
        page.note(Text(weights_name(weights) + " · ") + _weights_words(weights))
        _where(page, weights, context)
    if more:
        shown = more[:_MOST_LISTENERS]
        beyond = f" and {len(more) - len(shown)} more" if len(more) > len(shown) else ""
        page.note(Text(f"also listens on {', '.join(shown)}{beyond}"))
    for use in process.accelerators:
        page.note(Text(accelerator_word(use)))
    if process.container is not None:
        page.note(Text(f"in container {visible(process.container)[:12]}"))
    _judgement(page, process, context)


def _weights_words(weights: RunningWeights) -> Text:
    """Return how it is held, what it is and which: `mapped · gguf · 1.2 GB · sha256 3f9c…`."""
    words = [_EVIDENCE[kind] for kind in weights.evidence]
    parts = [", ".join(words), weights.format or "", size(weights.size).strip() if weights.size is not None else ""]
    text = Text(" · ".join(part for part in parts if part), "dim")
    if weights.sha256:
        text.append(f" · sha256 {weights.sha256[:_DIGITS]}…", "dim")
    elif weights.claimed_sha256:
        text.append(f" · claims sha256 {weights.claimed_sha256[:_DIGITS]}…", "dim")
    if not weights.sha256 and weights.size:
        text.append(" · not measured yet", _style("warning"))
    return text


def _where(page: _Page, weights: RunningWeights, context: Context) -> None:
    state = weights_state(weights)
    if weights.path is not None:
        path = visible_path(weights.path)
        home = context.home.rstrip("/")
        if home and path.startswith(home + "/"):
            path = "~" + path[len(home) :]
        page.note(Text(middle(path, page.width - len(_INDENT)), "dim"))
    if state:
        page.note(Text(f"! {state}", _style("warning")))


def _judgement(page: _Page, process: RunningProcess, context: Context) -> None:
    verdict = process.verdict
    if verdict is not None:
        counted_rules = [rule for rule in verdict.rules if rule.decision is not Decision.ALLOW]
        for rule in counted_rules[:_MOST_RULES]:
            look = DECISIONS[rule.decision]
            page.note(
                Text(f"{look.symbol} {visible(rule.reason, 400)} ", _style(look.role)) + Text(f"({rule.id})", "dim")
            )
            page.note(Text(f"→ {visible(rule.remedy, 400)}", _style("hint")))
        for rule in verdict.rules:
            if rule.id in HINTS:
                page.note(Text(visible(f"{rule.reason} {rule.remedy}".rstrip(), 400), "dim"))
    for finding in findings_for(process.findings, context.persona)[:_MOST_FINDINGS]:
        page.note(Text(f"{finding.severity}: {visible(finding.message, 400)}", _style(SEVERITIES[finding.severity])))
        page.note(Text(f"→ {visible(finding.remedy, 400)}", _style("hint")))
    for reason in process.not_visible:
        page.note(Text(f"not visible: {visible(reason)}", "dim"))


def _summary(page: _Page, snapshot: Snapshot, policy: str) -> None:
    running = sum(bool(process.weights) for process in snapshot.processes)
    what = counted(running, "process runs weights", "processes run weights") if running else "nothing runs weights"
    seen = counted(snapshot.processes_seen, "process", "processes")
    page.line(Text(f"{what} · {seen} looked at · network: {network_word(snapshot.network)}"))
    if policy:
        page.folded(Text(f"policy: {visible(policy, 100)}", "dim"))
    for reason in snapshot.not_visible:
        page.folded(Text(f"not visible: {visible(reason)}", "dim"))


def _style(role: Role) -> str:
    return STYLES[role]
