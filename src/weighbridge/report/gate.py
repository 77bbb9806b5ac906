"""What blocks a build, on one screen: what, why, and the three ways forward."""

from textwrap import wrap

from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import Place
from weighbridge.model.record import record
from weighbridge.model.verdict import DecidingRule, Decision
from weighbridge.report.escape import MESSAGE_LIMIT, middle, visible, visible_path
from weighbridge.report.words import DECISIONS, counted, size

_CODES = {"success": "32", "error": "1;31", "warning": "33", "hint": "36", "muted": "2"}
_PLACES = 2
_SHOWN = 12
"""Artifacts that are told in full."""
_ABOUT_TERMS = ("license", "noncommercial", "conditional", "laundering", "threshold")
"""Parts of the ids of rules that a chain of licenses explains."""
NEVER = frozenset({"deny-malicious", "deny-hostile", "deny-hostile-repository", "revoked-model"})


@record
class Gate:
    """Everything that the screen and the other outputs of a gate say."""

    artifacts: tuple[Artifact, ...]
    policy: str
    root: str
    """The folder that paths are relative to."""
    subject: str = ""
    """What was checked, for a person; the folder if empty."""
    unexamined: tuple[Unexamined, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    """Waivers that do not hold: file and reason."""
    waived: int = 0


def decided(gate: Gate, decision: Decision) -> list[Artifact]:
    """Return the artifacts with this verdict, in order of their places."""
    return [one for one in gate.artifacts if one.verdict is not None and one.verdict.decision is decision]


def rules_of(artifact: Artifact) -> list[DecidingRule]:
    """Return the rules that speak against an artifact, strictest first."""
    verdict = artifact.verdict
    return [] if verdict is None else [rule for rule in verdict.rules if rule.decision is not Decision.ALLOW]


def blocking(artifact: Artifact) -> list[DecidingRule]:
    """Return the rules that stop an artifact: those that deny before those that wait; an attack hides all others."""
    rules = rules_of(artifact)
    for chosen in (
        [rule for rule in rules if rule.id in NEVER],
        [rule for rule in rules if rule.decision is Decision.DENY],
        [rule for rule in rules if rule.decision is Decision.PENDING],
    ):
        if chosen:
            return chosen
    return []


def place_of(artifact: Artifact, root: str = "") -> str:
    """Return where an artifact lies, relative to what was checked."""
    return _where(artifact.places[0], root) if artifact.places else "(no place)"


def missed_at(missed: Unexamined, root: str = "") -> str:
    """Return where something lies that could not be examined, relative to what was checked."""
    return _where(Place(path=missed.path, member=missed.member), root)


def missed_because(missed: Unexamined) -> str:
    """Return why something could not be examined, as the end of a sentence."""
    reason = visible(missed.reason, MESSAGE_LIMIT)
    return f"could not be examined: {reason[:1].lower() + reason[1:]}"


def _where(place: Place, root: str) -> str:
    path = visible_path(place.path)
    if root and path == root.rstrip("/"):
        path = "."
    elif root and path.startswith(root.rstrip("/") + "/"):
        path = path[len(root.rstrip("/")) + 1 :]
    return path if place.member is None else f"{path}!/{visible(place.member, 1000)}"


def layer_note(artifact: Artifact) -> str:
    """Return what a later layer of an image does about the artifact; empty if nothing."""
    notes = [
        str(fact.value) for fact in artifact.facts if fact.name == "ship.layer" and "still ships" in str(fact.value)
    ]
    return visible(notes[0], MESSAGE_LIMIT) if notes else ""


def screen_text(gate: Gate, width: int, *, color: bool = False) -> str:
    """Return the screen.

    Args:
        gate: what was found.
        width: columns.
        color: whether terminal colors may be used.
    """
    blocked = decided(gate, Decision.DENY) + decided(gate, Decision.PENDING)
    warned, passed = decided(gate, Decision.WARN), decided(gate, Decision.ALLOW)
    lines = [_headline(gate, blocked, color), ""]
    for artifact in blocked[:_SHOWN]:
        lines += [*_told(artifact, gate, width, color), ""]
    if len(blocked) > _SHOWN:
        lines += [f"and {len(blocked) - _SHOWN:,} more; `--format json` lists all", ""]
    if warned:
        for artifact in warned[:_SHOWN]:
            lines += _warned(artifact, gate, width, color)
        if len(warned) > _SHOWN:
            lines.append(f"  and {len(warned) - _SHOWN:,} more warnings")
        lines.append("")
    if gate.unexamined:
        for missed in gate.unexamined[:_SHOWN]:
            lines.append(_styled(f"? {middle(missed_at(missed, gate.root), max(20, width - 2))}", "warning", color))
            lines += _wrapped(missed_because(missed), width, "    ")
        if len(gate.unexamined) > _SHOWN:
            lines.append(f"  and {len(gate.unexamined) - _SHOWN:,} more; `--format json` lists all")
        lines.append("")
    for artifact in [one for one in (*warned, *passed) if layer_note(one)][:_SHOWN]:
        place = middle(place_of(artifact, gate.root), max(20, width - 2))
        lines += [f"· {place}", *_wrapped(layer_note(artifact), width, "    ")]
    for file, reason in gate.refused[:_SHOWN]:
        lines += _wrapped(f"! the waiver {visible(file)} does not hold: it {visible(reason)}", width, "  ")
    if blocked:
        lines += _ways(blocked, width, color)
    tail = [counted(len(passed), "model passes", "models pass")] if passed else []
    tail += [f"{gate.waived} waived"] if gate.waived else []
    tail += [f"{len(gate.unexamined):,} not examined"] if gate.unexamined else []
    lines.append(_styled(" · ".join([*tail, f"policy {visible(gate.policy)}"]), "muted", color))
    return "\n".join(lines) + "\n"


def _headline(gate: Gate, blocked: list[Artifact], color: bool) -> str:
    total = counted(len(gate.artifacts), "model")
    if blocked:
        verb = "blocks" if len(blocked) == 1 else "block"
        return _styled(f"✗ {len(blocked)} of {total} {verb} this build", "error", color)
    found = f"{total} may ship" if gate.artifacts else f"no models in {visible(gate.subject or gate.root)}"
    if warned := len(decided(gate, Decision.WARN)):
        found += f", {warned:,} with a warning"
    if gate.unexamined:  # what could not be read is never green
        missed = counted(len(gate.unexamined), "item")
        return _styled(f"? {found}, but {missed} could not be examined", "warning", color)
    return _styled(f"✓ {found}", "success", color)


def _told(artifact: Artifact, gate: Gate, width: int, color: bool) -> list[str]:
    assert artifact.verdict is not None  # noqa: S101  (told to the type checker; `decided` asks)
    look = DECISIONS[artifact.verdict.decision]
    head = f"{artifact.format}, {size(artifact.size)}"
    pointed = next((fact.value for fact in artifact.facts if fact.name == "lfs.size"), None)
    if isinstance(pointed, int):
        head = f"Git LFS pointer to {size(pointed)}"
    room = max(20, width - len(head) - 6)
    lines = [_styled(f"{look.symbol} {middle(place_of(artifact, gate.root), room)}", look.role, color) + f"  {head}"]
    for rule in blocking(artifact):
        lines += _wrapped(f"{visible(rule.reason, MESSAGE_LIMIT)} ({visible(rule.id)})", width, "    ")
    if finding := next((one for one in artifact.findings if one.severity in ("critical", "high", "medium")), None):
        lines += _wrapped(visible(finding.message, MESSAGE_LIMIT), width, "    ")
    elif chain := _license(artifact):
        lines += _wrapped(chain, width, "    ")
    if note := layer_note(artifact):
        lines += _wrapped(note, width, "    ")
    for place in artifact.places[1 : 1 + _PLACES]:
        lines.append(f"    also {middle(_where(place, gate.root), max(20, width - 9))}")
    if len(artifact.places) > 1 + _PLACES:
        lines.append(f"    and at {counted(len(artifact.places) - 1 - _PLACES, 'more place')}")
    digest = artifact.sha256 or artifact.claimed_sha256
    if digest:
        lines.append("    " + _styled(f"{'sha256' if artifact.sha256 else 'claimed'} {digest}", "muted", color))
    return lines


def _license(artifact: Artifact) -> str:
    terms = artifact.license
    if not any(word in rule.id for word in _ABOUT_TERMS for rule in rules_of(artifact)):
        return ""
    if not terms.declared and not terms.effective.chain:
        return ""
    names = [f"{link.license or 'unknown license'} ({link.name})" for link in terms.effective.chain]
    return visible("license: " + " ← ".join(names), MESSAGE_LIMIT)


def _warned(artifact: Artifact, gate: Gate, width: int, color: bool) -> list[str]:
    lines = [_styled(f"! {middle(place_of(artifact, gate.root), max(20, width - 2))}", "warning", color)]
    for rule in rules_of(artifact)[:1]:
        lines += _wrapped(f"{visible(rule.reason, MESSAGE_LIMIT)} ({visible(rule.id)})", width, "    ")
    if chain := _license(artifact):
        lines += _wrapped(chain, width, "    ")
    return lines


def _ways(blocked: list[Artifact], width: int, color: bool) -> list[str]:
    remedies = list(dict.fromkeys(rule.remedy for artifact in blocked for rule in blocking(artifact)))
    first = next(
        (
            (artifact, rule)
            for artifact in blocked
            for rule in blocking(artifact)
            if artifact.sha256 and rule.id not in NEVER
        ),
        None,
    )
    lines = [_styled("Three ways forward", "hint", color)]
    lines += _wrapped("1 Replace it: use a model whose format and license fit, or leave it out.", width, "    ", "  ")
    resolve = " ".join(visible(remedy, MESSAGE_LIMIT) for remedy in remedies[:3])
    lines += _wrapped(f"2 Resolve it: {resolve}", width, "    ", "  ")
    if first is not None:
        artifact, rule = first
        lines += _wrapped(
            "3 Ask for a waiver: somebody whose key the policy lists signs one, until a day:", width, "    ", "  "
        )
        lines.append(f"    wb waive {(artifact.sha256 or '')[:64]} \\")
        lines.append(f"      --rule {visible(rule.id)} --owner NAME --reason WHY \\")
        lines.append("      --expires DATE --key FILE")
    else:
        lines += _wrapped(
            "3 A waiver is not possible here: what attacks, is revoked or is not there cannot be waived.",
            width,
            "    ",
            "  ",
        )
    return [*lines, ""]


def _wrapped(text: str, width: int, indent: str, first: str | None = None) -> list[str]:
    return wrap(
        text,
        max(40, width),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _styled(text: str, role: str, color: bool) -> str:
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if color else text
