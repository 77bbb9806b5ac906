"""TorchScript that reaches beyond tensors."""

from weighbridge.checks.check import Subject
from weighbridge.checks.script_operation import CHECK
from weighbridge.formats.torchscript_code import operations
from weighbridge.model.finding import Assessment


def findings(code: bytes) -> list[Assessment]:
    subject = Subject(format="torchscript", name="model.pt")
    return [found.implies for note in operations(code, "code/a.py") for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    assert findings(b"torch.save(x, y)") == [Assessment.MALICIOUS]
    assert findings(b"ops.somebody.run(x)") == [Assessment.REVIEW]


def test_near_misses() -> None:
    assert findings(b"torch.softmax(x)\nops.aten.add(x, y)") == []
