"""Calls of things that are only known when the file is loaded.

What it finds: a pickle that calls the result of another call, a value from the loader, or what is no function.

Why it matters: what is called cannot be known without running the file, and no pickler writes such a call for data.

Example: `functools.partial(...)` made by one REDUCE and called by the next.

What to do: do not load the file.

Known misses: none that are known.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_rules import named, object_to_call
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import Kind, PickleCall


def judge(call: PickleCall, subject: Subject) -> Iterator[Finding]:
    """Yield at most one finding for a call of anything but an import."""
    objection = object_to_call(call) if call.callee.kind is not Kind.IMPORT else None
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
            offset=call.offset, member=call.member, opcode=call.opcode, key=call.key, value=named(call.callee)[:200]
        ),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="computed-call",
    title="A pickle calls what only loading it would tell",
    wants=(PickleCall,),
    judge=judge,
    atlas="AML.T0011.000",
)
