"""Hooks whose program every user of the machine can replace.

What it finds: a command that an agent runs on its own (a hook, a status line, a helper) whose file, or a folder on the
way to it, may be written by everybody, temporary folders among them.

Why it matters: whoever puts another file there runs it as the person who uses the agent, at the next event, without a
question. A file in a temporary folder also goes away and can then be made by anybody.

Example: a `PreToolUse` hook runs `/tmp/hooks/check.sh`.

What to do: move the program to a folder that only its owner may write to, and take the write permission from others.

Known misses: programs that the search path finds; programs that the program itself runs; access control lists;
Windows, where permission bits say nothing.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import HookSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.place import display


def judge(seen: HookSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a hook in a place that is open to all."""
    del subject
    hook = seen.hook
    if hook.writable_by_all is None or hook.program is None:
        return
    place, program = display(hook.writable_by_all)[:120], display(hook.program)[:120]
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"At {hook.event[:60]} it runs {program}, and everybody may write to {place}.",
        remedy="Move the program to a folder that only you may write to.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=hook.key[:200], value=hook.command[:200]),
    )


CHECK = Check(
    id="replaceable-hook",
    title="Everybody can replace what an agent's hook runs",
    wants=(HookSeen,),
    judge=judge,
)
