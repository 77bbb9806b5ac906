"""Tool servers that are reached over plain HTTP.

What it finds: an MCP server whose address is `http://` or `ws://` and not on this machine, also where a launcher such
as `mcp-remote` is given it.

Why it matters: everybody on the way can read what the agent sends, keys among it, and can change the answers, which the
agent takes for those of the tool. A tool's description that somebody else wrote steers the agent.

Example: `"url": "http://tools.example/sse"` in `~/.cursor/mcp.json`.

What to do: use the server's `https://` address, or reach it through a tunnel that ends on this machine.

Known misses: addresses that come from a variable; servers that redirect to plain HTTP; certificates that nobody checks.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import ToolServerSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity


def judge(seen: ToolServerSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for an address without TLS beyond this machine."""
    del subject
    server = seen.server
    if server.url is None or server.loopback or not server.enabled:
        return
    if not server.url.lower().startswith(("http://", "ws://")):
        return
    secret = bool(server.headers) or "***" in server.url
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH if secret else Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"The tool server {server.name[:60]} is reached without encryption: {server.url[:160]}.",
        remedy="Use its https:// address, or a tunnel that ends on this machine.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=server.key[:200], value=server.url[:200]),
    )


CHECK = Check(
    id="plain-http-tool-server",
    title="A tool server is reached over plain HTTP",
    wants=(ToolServerSeen,),
    judge=judge,
)
