import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.quantization_mismatch import CHECK
from weighbridge.model.finding import Assessment, Persona, Severity
from weighbridge.model.weights import QuantizationMismatch


@pytest.mark.parametrize(
    ("declared_bits", "measured_bits", "implies", "severity"),
    [
        (16, 2.6, Assessment.REVIEW, Severity.MEDIUM),
        (2.6, 16, Assessment.REVIEW, Severity.MEDIUM),
        (8.5, 4.8, Assessment.CLEAN, Severity.LOW),
        (4.9, 4.6, Assessment.CLEAN, Severity.INFO),
    ],
)
def test_by_how_far_they_differ(declared_bits, measured_bits, implies, severity):
    mismatch = QuantizationMismatch(
        declared="F16", measured="Q2_K", declared_bits=declared_bits, measured_bits=measured_bits
    )
    [finding] = CHECK.judge(mismatch, Subject(format="gguf", name="m.gguf"))

    assert (finding.implies, finding.severity) == (implies, severity)
    assert (finding.persona is Persona.AUDITOR) is (severity is Severity.INFO)
