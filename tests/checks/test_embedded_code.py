import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.embedded_code import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import EmbeddedCode


@pytest.mark.parametrize(
    ("kind", "assessment"),
    [
        ("python-marshal", Assessment.MALICIOUS),
        ("elf", Assessment.MALICIOUS),
        ("shell", Assessment.MALICIOUS),
        ("torchscript", Assessment.REVIEW),
        ("ape", Assessment.REVIEW),
        ("python-handler", Assessment.REVIEW),
    ],
)
def test_code_by_design_and_code_that_has_no_business_there(kind, assessment):
    observation = EmbeddedCode(kind=kind, description="x" * 900)
    [finding] = CHECK.judge(observation, Subject(format="keras-v3", name="m.keras"))
    assert finding.implies is assessment
    assert len(finding.message) < 500
