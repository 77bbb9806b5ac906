"""TorchScript that reaches beyond tensors.

What it finds: operations in the code of a TorchScript archive that read or write files, and operators of libraries that
PyTorch does not define.

Why it matters: TorchScript is a program that runs when the model is used; `aten::save` and `aten::from_file` reach
files with names from the archive.

Example: `torch.save(x, "/home/user/.bashrc")` compiled into a module.

What to do: read the code of the archive before you use the model.

Known misses: what a custom operator's library does.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import ScriptOperation


def judge(found: ScriptOperation, subject: Subject) -> Iterator[Finding]:
    """Yield malicious for files, a review for operators of other libraries."""
    reaches = found.reaches
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL if reaches else Severity.MEDIUM,
        confidence=Confidence.MEDIUM if reaches else Confidence.HIGH,
        message=f"The TorchScript code of {subject.name} uses {found.operation[:120]}, "
        + ("which reaches files or the system." if reaches else "which PyTorch itself does not define."),
        remedy="Read the code of this archive before the model is used, or ask for the weights alone.",
        implies=Assessment.MALICIOUS if reaches else Assessment.REVIEW,
        evidence=Evidence(offset=found.offset, member=found.member, key=found.key, value=found.operation[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="script-operation",
    title="TorchScript reaches beyond tensors",
    wants=(ScriptOperation,),
    judge=judge,
    atlas="AML.T0011.000",
)
