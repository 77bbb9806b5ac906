"""Instructions for agents with text that a person does not see.

What it finds: characters in a skill or instruction file that are invisible or reorder what is shown (tag characters,
zero-width characters, bidirectional controls, runs of variation selectors); orders in comments that a rendered page
hides; commands that run while the file is loaded.

Why it matters: a person reads the file and approves it, the model reads something else and does it.

Example: `SKILL.md` ends in tag characters that spell an order to send keys away.

What to do: remove what cannot be seen, or do not use the file. A command that runs on load deserves the look that any
program gets.

Known misses: orders in plain sight; white text and the like in files that are rendered; words that mean something else
to a model; texts beyond the first megabyte of a file.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import InstructionsSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity

_SEVERE = frozenset({"tag characters", "bidirectional controls", "variation selectors"})
_FEW = 2
"""Zero-width characters in a file up to which a word processor is the likelier author."""


def judge(seen: InstructionsSeen, subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each kind of hidden text, and one for commands that run on load."""
    kinds: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for one in seen.source.hidden:
        kinds.setdefault(one.kind, []).append(f"{one.file}:{one.line}")
        counts[one.kind] = counts.get(one.kind, 0) + one.count
    for kind, places in kinds.items():
        if kind == "comment":
            yield _finding(
                Severity.MEDIUM, f"{subject.name} holds orders in a comment, which a page does not show", places
            )
        elif kind in _SEVERE:
            yield _finding(Severity.HIGH, f"{subject.name} holds text that a person cannot see: {kind}", places)
        elif counts[kind] > _FEW:
            yield _finding(Severity.MEDIUM, f"{subject.name} holds {counts[kind]} {kind}", places)
    loads = [f"{run.file}:{run.line}" for run in seen.source.runs if run.kind == "run on load"]
    if loads:
        yield _finding(Severity.MEDIUM, f"{subject.name} runs a command while it is loaded", loads)


def _finding(severity: Severity, message: str, places: list[str]) -> Finding:
    return Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=message + ".",
        remedy="Remove what cannot be seen, or do not use it.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=", ".join(places[:3])[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="hidden-instructions",
    title="Instructions hold text that a person does not see",
    wants=(InstructionsSeen,),
    judge=judge,
    atlas="AML.T0051",
)
