"""AI tools in a version that is known to be bad.

What it finds: a library, converter, interface, plugin, extension or tool server of which this version is malicious, or
has a hole that is reached by what a model, a file or a web page says. The list is `discover/known_bad.toml`, each entry
with its advisory. An entry whose advisory could not be read again is told as "said to be": low, for a look, no
accusation.

Why it matters: these run with everything that their user may do, next to keys and weights.

Example: `litellm 1.82.8` in a virtual environment: this release sent the keys of the machine away.

What to do: update to the version that is named. After a malicious release, renew every key that was on the machine.

Known misses: tools and advisories that are not in the list, which is short on purpose; versions that a package manager
did not record; copies inside other programs.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import ToolSeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity

_SEVERITIES = {
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}


def judge(seen: ToolSeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a tool and an advisory."""
    del subject
    tool, advisory = seen.tool, seen.advisory
    named = f"{tool.name[:80]} {tool.version or ''}".strip()
    if not advisory.verified:
        yield Finding(
            check=CHECK.id,
            severity=Severity.LOW,
            confidence=Confidence.LOW,
            message=f"{named} is said to be bad, which nobody confirmed: {advisory.what} ({advisory.id}).",
            remedy=f"Look it up before you act: {advisory.source[:200]}.",
            implies=Assessment.REVIEW,
            evidence=Evidence(key=advisory.id, value=advisory.source[:200]),
        )
        return
    malicious = advisory.kind == "malicious"
    update = f"Update to {advisory.fixed} or later" if advisory.fixed else "Remove it"
    yield Finding(
        check=CHECK.id,
        severity=_SEVERITIES[advisory.severity],
        confidence=Confidence.HIGH,
        message=f"{named}: {advisory.what} ({advisory.id}).",
        remedy=f"{update}, and renew every key that was on this machine." if malicious else f"{update}.",
        implies=Assessment.MALICIOUS if malicious else Assessment.REVIEW,
        evidence=Evidence(key=advisory.id, value=advisory.source[:200]),
    )


CHECK = Check(
    id="known-bad-tool",
    title="A tool's version is known to be bad",
    wants=(ToolSeen,),
    judge=judge,
)
