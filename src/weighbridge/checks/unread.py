"""Content that could not be read, and why.

What it finds: encrypted members, compression that is not supported, archives nested too deep, damaged streams, parts
that are missing beside the model, readers that gave up.

Why it matters: silence must never look green. What was not read may hold anything, so the artifact is `incomplete`,
whatever the rest of it says.

Example: a 7z archive with a password, as used on public hubs to carry a pickle past scanners (nullifAI).

What to do: remove the obstacle (extract it, give the password to a tool of yours, fetch the missing part) and scan
what comes out.

Known misses: none known; a reader that cannot go on must say so.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import Unread


def judge(unread: Unread, subject: Subject) -> Iterator[Finding]:
    """Yield one finding that makes the artifact incomplete."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"{unread.what[:120]} in {subject.name} could not be examined: {unread.reason[:300]}.",
        remedy="Extract or complete it, then scan what comes out; treat it as unknown until then.",
        implies=Assessment.INCOMPLETE,
        evidence=Evidence(offset=unread.offset, member=unread.member, key=unread.key, value=unread.what[:200]),
    )


CHECK = Check(
    id="unread",
    title="Content that could not be examined",
    wants=(Unread,),
    judge=judge,
)
