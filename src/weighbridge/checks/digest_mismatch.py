"""Files that are not what their store says they are.

What it finds: a blob whose measured SHA-256 differs from the one in its name or in the store's manifest.

Why it matters: stores identify models by digest, and approvals are given to digests. Other bytes under that name were
damaged, or put there.

Example: an Ollama blob `sha256-abc...` whose content was replaced after the download.

What to do: delete the file and pull the model again; if it differs again, look for what changes it.

Known misses: stores that claim no digest.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import DigestMismatch


def judge(mismatch: DigestMismatch, subject: Subject) -> Iterator[Finding]:
    """Yield one finding that asks for a review."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"{subject.name} is claimed to be {mismatch.claimed[:64]} but measures {mismatch.measured[:64]}.",
        remedy="Delete the file and pull the model again; if it differs again, find out what changes it.",
        implies=Assessment.REVIEW,
        evidence=Evidence(
            offset=mismatch.offset, member=mismatch.member, key=mismatch.key, value=mismatch.measured[:64]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="digest-mismatch",
    title="Content differs from its claimed digest",
    wants=(DigestMismatch,),
    judge=judge,
    atlas="AML.T0010.003",
)
