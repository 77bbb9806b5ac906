"""Tool servers whose code can change from one start to the next.

What it finds: an MCP server that a launcher (`npx`, `uvx`, `pipx run`, `docker run`, ...) fetches by a reference that
moves: no version, `latest`, a range, a branch, an image tag without a version.

Why it matters: the next release runs with the agent's rights and keys without anybody having looked at it. This is how
the release of `postmark-mcp` that copied every mail to a stranger reached its users.

Example: `npx -y some-mcp@latest` in `~/.claude.json`.

What to do: write the exact version (`some-mcp@1.2.3`, `some-mcp==1.2.3`, `image@sha256:...`), and change it on purpose.

Known misses: what the pinned package depends on; a version tag of an image, which can be moved; packages that are
installed beforehand and run by path.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import ToolServerSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity

_PIN = {
    "npm": "{0}@VERSION",
    "pypi": "{0}==VERSION",
    "oci": "{0}@sha256:DIGEST",
    "git": "its commit",
    "jsr": "{0}@VERSION",
}


def judge(seen: ToolServerSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a reference that moves."""
    del subject
    server = seen.server
    package = server.package
    if package is None or package.pinned or not server.enabled:
        return
    what = f"{package.name}@{package.version}" if package.version else f"{package.name}, no version given"
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"The tool server {server.name[:60]} runs whatever is newest: {what[:120]}.",
        remedy=f"Pin it: {_PIN[package.ecosystem].format(package.name[:60])}.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=server.key[:200], value=" ".join(server.command)[:200]),
    )


CHECK = Check(
    id="unpinned-tool-server",
    title="A tool server's code can change unseen",
    wants=(ToolServerSeen,),
    judge=judge,
)
