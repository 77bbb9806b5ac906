"""Bytes behind the end of a pickle.

What it finds: bytes after the last stream that no loader of the format reads.

Why it matters: they are not covered by what a loader or scanner reads, and something else may read them.

Example: a pickle followed by a few kilobytes of unknown content.

What to do: compare the file with what its author published.

Known misses: what the bytes mean; they were searched for further pickles.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.pickle_program import PickleTrailing


def judge(found: PickleTrailing, subject: Subject) -> Iterator[Finding]:
    """Yield a review, or information only if the bytes are blank."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.INFO if found.blank else Severity.LOW,
        confidence=Confidence.HIGH,
        message=f"{subject.name} goes on after the end of its pickle for at least {found.length} bytes.",
        remedy="Compare the digest with what the author published.",
        implies=Assessment.CLEAN if found.blank else Assessment.REVIEW,
        evidence=Evidence(offset=found.offset, member=found.member, key=found.key),
        atlas=CHECK.atlas,
        persona=Persona.AUDITOR if found.blank else Persona.REGULAR,
    )


CHECK = Check(
    id="trailing-bytes",
    title="Bytes behind the end of a pickle",
    wants=(PickleTrailing,),
    judge=judge,
    atlas="AML.T0015",
)
