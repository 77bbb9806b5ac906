"""From a snapshot to lines of a table: pure, so that what is shown can be tested without a terminal."""

from collections.abc import Iterable
from typing import NamedTuple

from weighbridge.model.actor import ActorKind
from weighbridge.model.record import record
from weighbridge.model.running import RunningProcess, Snapshot
from weighbridge.report.escape import visible
from weighbridge.report.running_words import (
    NOTHING,
    accelerator_word,
    actor_word,
    digest_word,
    listener_word,
    network_word,
    runtime_word,
    weights_name,
)
from weighbridge.report.words import DECISIONS, Role, counted, size

COLUMNS = ("verdict", "pid", "runtime", "weights", "digest", "listens on", "accelerator", "memory", "actor")
SORTS = ("verdict", "pid", "memory", "runtime")


class Cell(NamedTuple):
    """One field and its color role; the text alone says everything."""

    text: str
    role: Role | None = None


class Row(NamedTuple):
    """One process, or one more of its weights (then only these are said)."""

    key: str
    cells: tuple[Cell, ...]


@record
class View:
    """What the person asked to see."""

    search: str = ""
    sort: str = "verdict"
    everything: bool = False
    """Also agents and listeners without weights."""


def rows(snapshot: Snapshot, view: View) -> list[Row]:
    """Return the lines of the table in order; a process with several weights takes several."""
    shown = [process for process in snapshot.processes if _fits(process, view)]
    found: list[Row] = []
    for process in sorted(shown, key=lambda one: _order(one, view.sort)):
        found += _lines(process)
    return found


def head(snapshot: Snapshot) -> str:
    """Return the one line that says how things stand."""
    running = sum(bool(process.weights) for process in snapshot.processes)
    agents = sum(process.actor.kind is ActorKind.AGENT for process in snapshot.processes)
    listeners = [listener for process in snapshot.processes for listener in process.listeners]
    exposed = sum(listener.exposed for listener in listeners)
    parts = [
        f"{counted(running, 'process runs', 'processes run')} weights",
        counted(agents, "agent"),
        counted(len(listeners), "listener") + (f" ({exposed} exposed)" if exposed else ""),
        f"network: {network_word(snapshot.network)}",
    ]
    if snapshot.not_visible:
        parts.append(f"{counted(len(snapshot.not_visible), 'thing')} not visible")
    return " · ".join(parts)


def detail(process: RunningProcess) -> list[tuple[str, str]]:
    """Return everything known about a process as (what, value), in reading order."""
    from weighbridge.report.escape import visible_path
    from weighbridge.report.running_words import weights_state

    lines = [
        (
            "process",
            f"{process.pid} {visible(process.name)}" + (f" of {visible(process.user)}" if process.user else ""),
        ),
        ("program", visible_path(process.executable) if process.executable else NOTHING),
        ("command", " ".join(visible_path(part, 120) for part in process.command_line[:12]) or NOTHING),
        ("runtime", runtime_word(process)),
    ]
    lines += [("", visible(reason)) for reason in process.runtime_reasons]
    for weights in process.weights:
        evidence = ", ".join(weights.evidence)
        lines.append(("weights", f"{weights_name(weights, 80)} ({evidence})"))
        lines.append(("", f"sha256 {weights.sha256}" if weights.sha256 else f"claimed {digest_word(weights, 64)}"))
        if weights.path is not None:
            state = weights_state(weights)
            lines.append(("", visible_path(weights.path) + (f" ({state})" if state else "")))
    for listener in process.listeners:
        who = listener.product or (f"unknown {listener.api} server" if listener.api else "no known server")
        reach = "reachable from other machines" if listener.exposed else "this machine only"
        lines.append(("listens", f"{listener_word(listener)} · {visible(who)} · {reach}"))
        lines += [("", visible(reason)) for reason in listener.identified_by]
    lines += [("accelerator", f"{accelerator_word(use)} ({use.source})") for use in process.accelerators]
    lines.append(("actor", actor_word(process.actor) + (", acts without asking" if process.actor.autonomous else "")))
    lines += [("", visible(reason)) for reason in process.actor.reasons]
    lines.append(("network", network_word(process.network)))
    if process.verdict is not None:
        lines.append(("verdict", f"{process.verdict.decision} by {visible(process.verdict.policy)}"))
        lines += [("", visible(f"{rule.reason} {rule.remedy} ({rule.id})", 400)) for rule in process.verdict.rules[:4]]
    for finding in process.findings:
        lines.append(("finding", visible(f"{finding.severity}: {finding.message} ({finding.check})", 400)))
        lines.append(("", visible(finding.remedy, 400)))
    lines += [("not visible", visible(reason)) for reason in process.not_visible]
    return lines


def _lines(process: RunningProcess) -> Iterable[Row]:
    verdict = process.verdict
    look = DECISIONS[verdict.decision] if verdict is not None else None
    first, *rest = process.weights or (None,)
    listeners = [listener_word(listener) for listener in process.listeners]
    exposed = any(listener.exposed for listener in process.listeners)
    key = f"{process.pid}:{process.started}"
    yield Row(
        key,
        (
            Cell(f"{look.symbol} {verdict.decision}" if look and verdict else NOTHING, look.role if look else None),
            Cell(str(process.pid)),
            Cell(runtime_word(process)),
            Cell(weights_name(first) if first else NOTHING, None if first else "muted"),
            Cell(digest_word(first) if first else NOTHING, None if first and first.sha256 else "muted"),
            Cell(_more(listeners) + (" !" if exposed else ""), "warning" if exposed else None),
            Cell(_more([accelerator_word(use) for use in process.accelerators])),
            Cell(size(process.resident_bytes).strip() if process.resident_bytes is not None else NOTHING),
            Cell(actor_word(process.actor), "hint" if process.actor.kind is ActorKind.AGENT else None),
        ),
    )
    blank = Cell("")
    for index, weights in enumerate(rest, 1):
        cells = (blank, blank, blank, Cell(weights_name(weights)), Cell(digest_word(weights)), *(blank,) * 4)
        yield Row(f"{key}:{index}", cells)


def _more(words: list[str]) -> str:
    if not words:
        return NOTHING
    return words[0] if len(words) == 1 else f"{words[0]} +{len(words) - 1}"


def _fits(process: RunningProcess, view: View) -> bool:
    if not view.everything and not process.weights and process.runtime is None and not process.findings:
        return False
    if not view.search:
        return True
    text = " ".join(value for _, value in detail(process)).lower()
    return all(word in text for word in view.search.lower().split())


def _order(process: RunningProcess, sort: str) -> tuple[object, ...]:
    strictness = list(DECISIONS)
    rank = strictness.index(process.verdict.decision) if process.verdict is not None else len(strictness)
    if sort == "memory":
        return (-(process.resident_bytes or 0), process.pid)
    if sort == "pid":
        return (process.pid,)
    if sort == "runtime":
        return (runtime_word(process).lower(), process.pid)
    return (rank, not process.weights, process.pid)
