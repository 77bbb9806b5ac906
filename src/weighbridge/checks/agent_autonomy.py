"""Agents that act without asking.

What it finds: a setting with which an agent runs commands, edits files or uses tools without asking a person, or runs
them without its sandbox: in the agent's own configuration, in that of a project, or for one tool server. A setting of
which nobody could confirm what it does is told as what is said of it: low, a hint and no accusation.

Why it matters: what such an agent reads (a web page, an issue, a file) can tell it what to do, and nothing stands
between that and the machine. A project's setting does this to everybody who opens the project.

Example: `permissions.defaultMode` is `bypassPermissions` in `~/.claude/settings.json`; `approval_policy = "never"` with
`sandbox_mode = "danger-full-access"` in `~/.codex/config.toml`.

What to do: let the agent ask, or run it where it can do no harm: in a container or a virtual machine without keys.

Known misses: modes that are chosen on the command line (`wb ps` shows them on a running agent) or in a dialog that
keeps its state elsewhere; rules that allow single dangerous commands; settings that the catalog does not know.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent import Scope
from weighbridge.model.agent_observation import PermissionSeen, ToolServerSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity

_ALL = frozenset({"*", "all"})


def judge(seen: PermissionSeen | ToolServerSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a setting that stops the asking."""
    if isinstance(seen, ToolServerSeen):
        server = seen.server
        if server.enabled and _ALL & set(server.approved_tools):
            yield _finding(
                Severity.MEDIUM,
                f"The tools of {server.name[:60]} run without asking.",
                "Approve the tools that are needed one by one, not all of them.",
                server.key,
                ", ".join(server.approved_tools[:5]),
            )
        return
    one = seen.permission
    if one.hearsay:
        yield _finding(
            Severity.LOW,
            f"{seen.title}: {one.meaning or 'it acts without asking'}, as is said of "
            f"{one.key[:80]} = {one.value[:40]}; nobody confirmed it.",
            "Look at what this setting does in the version that is installed.",
            one.key,
            one.value,
            Confidence.LOW,
        )
    elif one.autonomous:
        theirs = one.scope is Scope.PROJECT
        where = f" for everybody who opens {subject.name}" if theirs else ""
        yield _finding(
            Severity.HIGH,
            f"{seen.title}: {one.meaning or 'it acts without asking'}{where} ({one.key[:80]} is {one.value[:40]}).",
            "Let it ask, or run it in a container without keys.",
            one.key,
            one.value,
        )


def _finding(
    severity: Severity, message: str, remedy: str, key: str, value: str, confidence: Confidence = Confidence.HIGH
) -> Finding:
    return Finding(
        check=CHECK.id,
        severity=severity,
        confidence=confidence,
        message=message,
        remedy=remedy,
        implies=Assessment.REVIEW,
        evidence=Evidence(key=key[:200], value=value[:200]),
    )


CHECK = Check(
    id="agent-autonomy",
    title="An agent acts without asking",
    wants=(PermissionSeen, ToolServerSeen),
    judge=judge,
)
