import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.name_mismatch import CHECK
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.observation import NameMismatch


@pytest.mark.parametrize(
    ("expected", "actual", "assessment"),
    [
        ("safetensors", "unknown", Assessment.INCOMPLETE),
        ("safetensors", "pickle", Assessment.REVIEW),
        ("gguf", "torch-zip", Assessment.REVIEW),
        ("onnx", "gzip", Assessment.REVIEW),
        ("torch-zip", "safetensors", Assessment.CLEAN),
        ("gguf", "safetensors", Assessment.CLEAN),
        ("pickle", "joblib", Assessment.CLEAN),
    ],
)
def test_what_the_name_promises(expected, actual, assessment):
    observation = NameMismatch(name_suffix="m.x", expected=(expected,), actual=actual)
    [finding] = CHECK.judge(observation, Subject(format=actual, name="m.x"))
    assert finding.implies is assessment


def test_code_under_a_data_name_is_severe():
    observation = NameMismatch(name_suffix="m.safetensors", expected=("safetensors",), actual="pickle")
    [finding] = CHECK.judge(observation, Subject(format="pickle", name="m.safetensors"))
    assert finding.severity is Severity.HIGH
