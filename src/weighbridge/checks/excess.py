"""Files that declare or expand to more than any honest file needs.

What it finds: decompression bombs, headers that declare millions of items, programs of endless length: every budget
of a reader that was spent.

Why it matters: loaders have no such limits. The file would fill memory or disk, or hold a processor for hours.

Example: a 40 KB archive whose only member expands to 300 MB of zeros; a pickle of ten million opcodes that doubles a
list with each.

What to do: do not load it. If the model is honest, ask its author for a plain file.

Known misses: work that is within the limits here but grows in a particular loader.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import Excess


def judge(excess: Excess, subject: Subject) -> Iterator[Finding]:
    """Yield one hostile finding."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        message=f"{subject.name} needs more than the limit of {excess.limit}: {excess.what[:200]}.",
        remedy="Do not load it; ask the author for a version that is not packed or inflated like this.",
        implies=Assessment.HOSTILE,
        evidence=Evidence(offset=excess.offset, member=excess.member, key=excess.key, value=excess.what[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="excess",
    title="Resource attack",
    wants=(Excess,),
    judge=judge,
    atlas="AML.T0029",
)
