import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.remote_code import CHECK
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.weights import RemoteCode

SUBJECT = Subject(format="transformers-config", name="config.json")


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        (
            RemoteCode(framework="transformers", file="modeling_x.py", name="X", key="auto_map.AutoModel"),
            Severity.MEDIUM,
        ),
        (RemoteCode(framework="transformers", file="m.py", name="X", repository="someone/else"), Severity.HIGH),
        (RemoteCode(framework="transformers", file="", name="", key="trust_remote_code"), Severity.LOW),
    ],
)
def test_code_is_for_review(code, severity):
    [finding] = CHECK.judge(code, SUBJECT)

    assert finding.implies is Assessment.REVIEW
    assert finding.severity is severity
    assert code.file in finding.message
    assert finding.evidence.key == code.key


def test_only_named_code_is_wanted():
    assert CHECK.wants == (RemoteCode,)
