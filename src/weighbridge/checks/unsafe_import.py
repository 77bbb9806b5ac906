"""Names that no model needs.

What it finds: a pickle that imports from the standard library, from a package that runs or fetches things, or under a
name with dots or double underscores, anything that is not on the list of names that rebuild data.

Why it matters: unpickling imports the name and may call it with any arguments. `os.system` is the plain case; hundreds
of functions do the same under harmless names, so everything outside the list counts.

Example: `GLOBAL 'posix system'` in `data.pkl` of a PyTorch file.

What to do: do not load the file. Ask its author for weights in a format without code, such as safetensors.

Known misses: none that are known; a name on the list is admitted only for the uses that its table states.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_tiers import Tier, tier
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleImport


def judge(found: PickleImport, subject: Subject) -> Iterator[Finding]:
    """Yield one malicious finding per forbidden name."""
    if tier(found.module, found.name) is not Tier.FORBIDDEN:
        return
    shown = f"{found.module}.{found.name}"
    verb = "calls" if found.called else "makes" if found.built else "imports"
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH if found.reached else Confidence.MEDIUM,
        message=f"Loading {subject.name} {verb} {shown[:120]}, which no model needs.",
        remedy="Do not load this file. Ask its author for weights in safetensors, and report the file.",
        implies=Assessment.MALICIOUS,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=shown[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="unsafe-import",
    title="A pickle imports what no model needs",
    wants=(PickleImport,),
    judge=judge,
    atlas="AML.T0011.000",
)
