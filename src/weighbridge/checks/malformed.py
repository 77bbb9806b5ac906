"""Files that break the rules of their own format.

What it finds: structures that end early, contradict themselves, or break a rule that loaders rely on.

Why it matters: loaders differ in what they do with such bytes, and memory errors in native loaders start with lengths
and offsets that no honest writer produces. A file that merely ends early is an interrupted download: it is reported
as incomplete, because what is missing was not examined.

Example: a safetensors header in which two tensors share bytes; a GGUF file that declares more tensors than it has
bytes.

What to do: get the file again; if the copy is the same, do not load it.

Known misses: rules that only the full decoding of tensor data would show.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import Damage, Malformed

_JUDGED = {
    Damage.TRUNCATED: (Severity.MEDIUM, Assessment.INCOMPLETE, "ends early"),
    Damage.CONTRADICTION: (Severity.HIGH, Assessment.HOSTILE, "contradicts itself"),
    Damage.INVALID: (Severity.HIGH, Assessment.HOSTILE, "breaks its format's rules"),
}
_REMEDIES = {
    Damage.TRUNCATED: "Download or copy the file again; what is missing was not examined.",
    Damage.CONTRADICTION: "Do not load it. Get the model again from its author.",
    Damage.INVALID: "Do not load it. Get the model again from its author.",
}


def judge(malformed: Malformed, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: incomplete if the bytes just end, hostile otherwise."""
    severity, implies, sentence = _JUDGED[malformed.damage]
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=f"{subject.name} {sentence}: {malformed.reason[:300]}.",
        remedy=_REMEDIES[malformed.damage],
        implies=implies,
        evidence=Evidence(offset=malformed.offset, member=malformed.member, key=malformed.key),
        atlas=None if malformed.damage is Damage.TRUNCATED else CHECK.atlas,
    )


CHECK = Check(
    id="malformed",
    title="Malformed file",
    wants=(Malformed,),
    judge=judge,
    atlas="AML.T0076",
)
