import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.malformed import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Damage, Malformed


@pytest.mark.parametrize(
    ("damage", "assessment"),
    [
        (Damage.TRUNCATED, Assessment.INCOMPLETE),
        (Damage.CONTRADICTION, Assessment.HOSTILE),
        (Damage.INVALID, Assessment.HOSTILE),
    ],
)
def test_damage(damage, assessment):
    observation = Malformed(damage=damage, reason="two tensors overlap", offset=8)
    [finding] = CHECK.judge(observation, Subject(format="safetensors", name="x"))
    assert finding.implies is assessment
    assert (finding.evidence.offset, "two tensors overlap" in finding.message) == (8, True)
