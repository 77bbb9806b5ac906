"""Commands of agents that download what they run.

What it finds: a hook, a tool server, a skill or an instruction file with a command that fetches or decodes a program
and runs it at once: `curl ... | sh`, `bash <(wget ...)`, `iex (irm ...)`, `base64 -d ... | sh`.

Why it matters: what runs is decided elsewhere, each time anew; nobody has seen it, and no digest pins it. In a skill
the agent is the one who is told to run it.

Example: a `SessionStart` hook is `curl -fsSL https://example.com/i.sh | bash`.

What to do: download it once, read it, keep it with its digest, and run that file.

Known misses: programs that download in other ways (a script that calls a library); commands that are put together from
parts; a package manager, which the check `unpinned-tool-server` looks at.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import HookSeen, InstructionsSeen, ToolServerSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity


def judge(seen: HookSeen | ToolServerSeen | InstructionsSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for each command that downloads what it runs."""
    if isinstance(seen, HookSeen):
        if seen.hook.fetched_code:
            yield _finding(Severity.HIGH, f"At {seen.hook.event[:60]} it", seen.hook.key, seen.hook.command)
    elif isinstance(seen, ToolServerSeen):
        if seen.server.fetched_code and seen.server.enabled:
            who = f"The tool server {seen.server.name[:60]}"
            yield _finding(Severity.HIGH, who, seen.server.key, " ".join(seen.server.command))
    else:
        for run in seen.source.runs:
            if run.kind == "fetched code":
                who = f"{subject.name} tells agents a command that"
                yield _finding(Severity.MEDIUM, who, f"{run.file}:{run.line}", run.text)


def _finding(severity: Severity, who: str, key: str, value: str) -> Finding:
    return Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=f"{who} downloads a program and runs it at once.",
        remedy="Download it once, read it, and run that file.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=key[:200], value=value[:200]),
    )


CHECK = Check(
    id="fetched-command",
    title="An agent's command downloads what it runs",
    wants=(HookSeen, ToolServerSeen, InstructionsSeen),
    judge=judge,
)
