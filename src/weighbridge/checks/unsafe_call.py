"""Calls that turn admitted names against the loader.

What it finds: a pickle that calls a function of a library where only classes are expected, gives an admitted rebuild
function something to call, or asks for absurd amounts of memory.

Why it matters: an allow-list of names is not enough. `_rebuild_from_type_v2` is needed for tensors and calls whatever
it is given; a function of numpy or PyTorch can start a program as well as one of the standard library.

Example: `numpy.random._pickle.__generator_ctor("id", some_package.run)`.

What to do: do not load the file. Ask its author for weights in a format without code, such as safetensors.

Known misses: a class of an unknown package whose constructor does harm is a review, see `unknown-class`.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.pickle_rules import object_to_call
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import Kind, PickleCall


def judge(call: PickleCall, subject: Subject) -> Iterator[Finding]:
    """Yield at most one finding for a call of an import."""
    objection = object_to_call(call) if call.callee.kind is Kind.IMPORT else None
    if objection is None:
        return
    shown = f"{call.callee.module}.{call.callee.name}"
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL if objection.implies is Assessment.MALICIOUS else Severity.HIGH,
        confidence=Confidence.HIGH,
        message=f"Loading {subject.name} {objection.reason[:200]}.",
        remedy="Do not load this file. Ask its author for weights in safetensors, and report the file.",
        implies=objection.implies,
        evidence=Evidence(offset=call.offset, member=call.member, opcode=call.opcode, key=call.key, value=shown[:200]),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="unsafe-call",
    title="A pickle misuses a name that is admitted",
    wants=(PickleCall,),
    judge=judge,
    atlas="AML.T0011.000",
)
