"""Code that the pickle carries with it.

What it finds: functions, classes and code objects that dill or cloudpickle wrote by value into the file.

Why it matters: such code comes from whoever made the file and runs as soon as somebody uses the object.

Example: a pipeline whose `FunctionTransformer` holds a lambda, saved with cloudpickle.

What to do: read the code before you use the object, or ask for the weights alone.

Known misses: what the code does; it is never decompiled or run.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_tiers import Tier, tier
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleImport


def judge(found: PickleImport, subject: Subject) -> Iterator[Finding]:
    """Yield one review per function that rebuilds code."""
    if tier(found.module, found.name) is not Tier.CODE:
        return
    shown = f"{found.module}.{found.name}"
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"{subject.name} carries Python code of its own ({shown[:120]}).",
        remedy="Have somebody read the code that this file carries before it is used, or ask for the weights alone.",
        implies=Assessment.REVIEW,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=shown[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="code-object",
    title="A pickle carries code",
    wants=(PickleImport,),
    judge=judge,
    atlas="AML.T0011.000",
)
