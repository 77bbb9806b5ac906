"""Classes that only their author knows.

What it finds: a pickle that needs a class or function that is neither data nor part of a known library, or a
standard-library helper that is more than data.

Why it matters: loading imports that package and runs its code with data from the file. Whether this is safe depends on
a package that is not in the file.

Example: a checkpoint of a research project with `project.model.Net`.

What to do: find out where the package comes from, and approve package and file together or not at all; or ask for the
weights alone.

Known misses: what the class does when it is loaded.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_tiers import Tier, tier
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleImport


def judge(found: PickleImport, subject: Subject) -> Iterator[Finding]:
    """Yield one review per unknown name."""
    of_found = tier(found.module, found.name)
    if of_found not in (Tier.UNKNOWN, Tier.ACCEPTED):
        return
    shown = f"{found.module}.{found.name}"
    what = "is more than data" if of_found is Tier.ACCEPTED else "is part of no library known here"
    yield Finding(
        check=CHECK.id,
        severity=Severity.LOW if of_found is Tier.ACCEPTED else Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"Loading {subject.name} needs {shown[:120]}, which {what}.",
        remedy="Find out who made this package before you approve the file, or ask for the weights alone.",
        implies=Assessment.REVIEW,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=shown[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="unknown-class",
    title="A pickle needs a class that is not known here",
    wants=(PickleImport,),
    judge=judge,
    atlas="AML.T0010",
)
