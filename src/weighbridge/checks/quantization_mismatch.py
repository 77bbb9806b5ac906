"""Weights that are not quantized as their header says.

What it finds: a GGUF header whose file type names other precision than the tensor table holds.

Why it matters: people choose a quantization for its quality and size, and approvals name it. A file that says F16 and
holds two bits a value is not the model that was evaluated. Small differences are ordinary: mixes differ, and tools
forget to update the key.

Example: `general.file_type` = F16, tensors at 2.6 bits a value.

What to do: trust the measured quantization. If the difference is large, get the file from the model's author.

Known misses: values that were degraded without changing the tensor type.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity
from weighbridge.model.weights import QuantizationMismatch

WORTH_SAYING = 1.35
"""Mixes of the same name differ by less."""
WORTH_ASKING = 3.0


def judge(mismatch: QuantizationMismatch, subject: Subject) -> Iterator[Finding]:
    """Yield information for a difference within a mix, a low finding above, a review for a gross one."""
    larger = max(mismatch.declared_bits, mismatch.measured_bits)
    ratio = larger / max(min(mismatch.declared_bits, mismatch.measured_bits), 0.1)
    severity, implies, persona = Severity.INFO, Assessment.CLEAN, Persona.AUDITOR
    if ratio >= WORTH_SAYING:
        severity, persona = Severity.LOW, Persona.REGULAR
    if ratio >= WORTH_ASKING:
        severity, implies = Severity.MEDIUM, Assessment.REVIEW
    yield Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH,
        message=(
            f"{subject.name} says it is {mismatch.declared} but holds {mismatch.measured[:120]}, "
            f"{mismatch.measured_bits:g} bits a value."
        ),
        remedy="Go by the measured quantization; get the file from the model's author if the difference matters.",
        implies=implies,
        evidence=Evidence(
            offset=mismatch.offset, member=mismatch.member, key=mismatch.key, value=mismatch.measured[:200]
        ),
        persona=persona,
    )


CHECK = Check(
    id="quantization-mismatch",
    title="Declared and measured quantization differ",
    wants=(QuantizationMismatch,),
    judge=judge,
)
