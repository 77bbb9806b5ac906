"""Changes to things that were imported.

What it finds: a pickle that puts items or attributes into an imported object, or into something only known at load.

Why it matters: an admitted name can be overwritten inside the same stream, so that the next use of it runs something
else; and a changed module stays changed for the whole process.

Example: `BUILD` with `(None, {"OrderedDict": ...})` on an imported class.

What to do: do not load the file.

Known misses: none that are known.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_rules import named, object_to_mutation, object_to_state
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import PickleMutation, PickleState


def judge(change: PickleMutation | PickleState, subject: Subject) -> Iterator[Finding]:
    """Yield at most one finding."""
    objection = object_to_state(change) if isinstance(change, PickleState) else object_to_mutation(change)
    if objection is None:
        return
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL if objection.implies is Assessment.MALICIOUS else Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"Loading {subject.name} {objection.reason[:200]}.",
        remedy="Do not load this file. Ask its author for weights in safetensors, and report the file.",
        implies=objection.implies,
        evidence=Evidence(
            offset=change.offset,
            member=change.member,
            opcode=change.opcode,
            key=change.key,
            value=named(change.target)[:200],
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="import-tampering",
    title="A pickle changes what it imported",
    wants=(PickleMutation, PickleState),
    judge=judge,
    atlas="AML.T0011.000",
)
