"""Places that two unpicklers read differently.

What it finds: numbers in another notation than any pickler writes, frames that opcodes straddle, a protocol that
changes inside the stream, and uses of the memo that no pickler makes.

Why it matters: CPython has two unpicklers and scanners have their own. A place that they read differently shows one
program to the scanner and another to the loader.

Example: `LONG` with the text `0x10L`, which the C unpickler reads as sixteen and `pickletools` refuses.

What to do: do not load the file; no library writes such a stream.

Known misses: readers other than CPython's and the standard library's tools.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleDisagreement, PickleMemoAnomaly


def judge(found: PickleDisagreement | PickleMemoAnomaly, subject: Subject) -> Iterator[Finding]:
    """Yield one hostile finding."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"The pickle in {subject.name} is written as no pickler writes: {found.reason}.",
        remedy="Do not load this file; it is made to be read differently by different programs.",
        implies=Assessment.HOSTILE,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=found.reason[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="pickle-disagreement",
    title="A pickle is made to be read differently",
    wants=(PickleDisagreement, PickleMemoAnomaly),
    judge=judge,
    atlas="AML.T0015",
)
