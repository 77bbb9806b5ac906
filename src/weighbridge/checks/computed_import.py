"""Imports whose name is computed.

What it finds: a pickle that imports under a module or name that is not written in it: put together by calls, taken from
the loader, or no text at all; and numbers that stand for imports in the process-wide extension registry.

Why it matters: the name is what a reader judges by. No pickler computes it.

Example: `STACK_GLOBAL` whose name operand is the result of `str.lower("SYSTEM")`; `EXT1 7`.

What to do: do not load the file.

Known misses: none that are known.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_rules import named
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleComputedImport, PickleExtension


def judge(found: PickleComputedImport | PickleExtension, subject: Subject) -> Iterator[Finding]:
    """Yield one malicious finding."""
    if isinstance(found, PickleExtension):
        shown = f"extension {found.code}"
        message = f"Loading {subject.name} imports something by a number in the process-wide extension registry."
    else:
        shown = f"{named(found.module)} : {named(found.name)}"
        message = f"Loading {subject.name} imports something whose name is only known then."
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        message=message,
        remedy="Do not load this file. Ask its author for weights in safetensors, and report the file.",
        implies=Assessment.MALICIOUS,
        evidence=Evidence(
            offset=found.offset, member=found.member, opcode=found.opcode, key=found.key, value=shown[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="computed-import",
    title="A pickle hides what it imports",
    wants=(PickleComputedImport, PickleExtension),
    judge=judge,
    atlas="AML.T0011.000",
)
