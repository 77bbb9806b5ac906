"""Pickles inside values of a pickle.

What it finds: a text or bytes value that is a pickle of its own. What that pickle does is judged like the outer one.

Why it matters: some objects unpickle their state themselves, so the inner stream runs too.

Example: a tensor in a plain pickle, which PyTorch stores as a whole file in a bytes value.

What to do: nothing, unless other findings name the inner pickle.

Known misses: pickles that are compressed or encoded inside the value.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.pickle_program import PickleNested


def judge(found: PickleNested, subject: Subject) -> Iterator[Finding]:
    """Yield information for auditors."""
    yield Finding(
        check=CHECK.id,
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        message=f"A value in {subject.name} is a pickle of its own of {found.length} bytes.",
        remedy="Nothing, unless other findings name the inner pickle.",
        implies=Assessment.CLEAN,
        evidence=Evidence(offset=found.offset, member=found.member, key=found.key),
        persona=Persona.AUDITOR,
    )


CHECK = Check(
    id="nested-pickle",
    title="A pickle inside a pickle",
    wants=(PickleNested,),
    judge=judge,
)
