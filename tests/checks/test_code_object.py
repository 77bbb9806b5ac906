"""Code by value."""

from tests.samples.pickle_assembly import name, stream

from weighbridge.checks.check import Subject
from weighbridge.checks.code_object import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    assert findings(stream(name("dill._dill", "_create_code"))) == [Assessment.REVIEW]
    assert findings(stream(name("cloudpickle.cloudpickle", "_make_function"))) == [Assessment.REVIEW]


def test_near_misses() -> None:
    assert findings(stream(name("dill._dill", "Unpickler"))) == []
    assert findings(stream(name("types", "CodeType"))) == []
