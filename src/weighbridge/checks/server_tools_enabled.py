"""A server of models that may act on this machine.

What it finds: a server of models that was started with arguments which let it run tools, call tool servers, or run code
that comes with a model; or that lists tools of its own.

Why it matters: such a server is no longer a thing that answers but one that does. Whoever can send it a request, or get
text into a prompt, can make it run commands with the rights of its account.

Example: `llama-server --tools all` offers `exec_shell_command` to every request.

What to do: start it without these arguments. If the tools are needed, give them to an agent in a sandbox instead of to
the server, and keep the server on loopback with a key.

Known misses: the same set by environment variables or a configuration file; tools that a client brings, as the server
only passes those on; products whose arguments are not in the catalog.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.server_observation import ServerTools

_CODE = frozenset({"--trust-remote-code"})


def judge(tools: ServerTools, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for tools and one for code that comes with models."""
    del subject
    code = [argument for argument in tools.arguments if argument in _CODE]
    acting = [argument for argument in tools.arguments if argument not in _CODE]
    if acting or tools.tools:
        names = ", ".join(tools.tools[:4]) or ", ".join(acting)
        yield Finding(
            check=CHECK.id,
            severity=Severity.HIGH if tools.exposed else Severity.MEDIUM,
            confidence=Confidence.HIGH,
            message=f"{tools.title} may act by itself: {names[:120]}.",
            remedy="Start it without tools, or give the tools to an agent in a sandbox.",
            implies=Assessment.CLEAN,
            evidence=Evidence(key="tools" if tools.tools else "command line", value=names[:200]),
        )
    if code:
        yield Finding(
            check=CHECK.id,
            severity=Severity.MEDIUM,
            confidence=Confidence.HIGH,
            message=f"{tools.title} runs code that comes with the models it loads.",
            remedy="Start it without --trust-remote-code, or fix the revision of a repository that was reviewed.",
            implies=Assessment.CLEAN,
            evidence=Evidence(key="command line", value=code[0]),
        )


CHECK = Check(
    id="server-tools-enabled",
    title="Model server that may act",
    wants=(ServerTools,),
    judge=judge,
)
