"""Calls of what only loading would tell."""

from tests.samples.pickle_assembly import Raw, call, name, of_result, stream, text

from weighbridge.checks.check import Subject
from weighbridge.checks.computed_call import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    for callee in (call("functools", "partial", Raw(name("a", "B"))), text("id") + b"Q", call("project.models", "Net")):
        assert findings(stream(of_result(callee, 1))) == [Assessment.MALICIOUS]
    assert findings(stream(b"](N" + b"e)R")) == [Assessment.HOSTILE]


def test_near_misses() -> None:
    assert findings(stream(call("collections", "OrderedDict"))) == []
    inner = call("builtins", "getattr", Raw(name("project.models", "Net")), "Config")
    assert findings(stream(inner + b")\x81")) == []
