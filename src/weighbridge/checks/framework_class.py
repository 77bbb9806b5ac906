"""Classes of known libraries.

What it finds: a pickle that needs a class of PyTorch, scikit-learn, SciPy, XGBoost, LightGBM or Transformers.

Why it matters: such an object is loaded by the library's own code; it runs nothing else, but it ties the file to that
library and its version.

Example: a fitted `sklearn.pipeline.Pipeline` in a joblib file.

What to do: accept it if you use that library anyway; prefer weights without classes for what you pass on.

Known misses: flaws of the library itself.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_tiers import Tier, tier
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleImport


def judge(found: PickleImport, subject: Subject) -> Iterator[Finding]:
    """Yield one review per class of a known library."""
    if tier(found.module, found.name) is not Tier.FRAMEWORK:
        return
    shown = f"{found.module}.{found.name}"
    yield Finding(
        check=CHECK.id,
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        message=f"Loading {subject.name} needs the class {shown[:120]} of a known library.",
        remedy="Accept it if you use this library; otherwise ask for the weights alone.",
        implies=Assessment.REVIEW,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=shown[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="framework-class",
    title="A pickle needs a class of a known library",
    wants=(PickleImport,),
    judge=judge,
    atlas="AML.T0010",
)
