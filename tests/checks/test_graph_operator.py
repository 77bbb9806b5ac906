"""Operators beyond mathematics: hits, near misses, foreign ones."""

import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.graph_operator import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import GraphOperator

SUBJECT = Subject(format="x", name="model")


def judged(framework: str, name: str, domain: str = "") -> Assessment:
    (finding,) = CHECK.judge(GraphOperator(framework=framework, domain=domain, name=name), SUBJECT)
    assert finding.check == CHECK.id
    assert finding.remedy
    return finding.implies


@pytest.mark.parametrize(
    ("framework", "name"),
    [
        ("tensorflow", "WriteFile"),
        ("tensorflow", "EagerPyFunc"),
        ("tflite", "ReadFile"),
        ("paddle", "py_func"),
        ("tensorflow", "PrintV2"),
    ],
)
def test_what_reaches_out_is_malicious(framework: str, name: str) -> None:
    assert judged(framework, name) is Assessment.MALICIOUS


@pytest.mark.parametrize(
    ("framework", "name", "domain"),
    [
        ("onnx", "Evil", "x"), ("onnx", "PyOp", "ai.onnx.contrib"), ("onnx", "WriteFile", "x"), ("tflite", "M", "x"),
        ("coreml", "Mine", "custom layer"), ("tensorrt", "compiled engine", "engine"), ("r", "closure", "code"),
        ("tensorflow", "writefile", ""), ("someone", "else", ""),
    ],
)  # fmt: skip
def test_what_is_only_foreign_is_a_review(framework: str, name: str, domain: str) -> None:
    assert judged(framework, name, domain) is Assessment.REVIEW
