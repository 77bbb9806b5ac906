"""Imports under a name that is not written."""

from tests.samples.pickle_assembly import call, stack_name, stream, text

from weighbridge.checks.check import Subject
from weighbridge.checks.computed_import import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    assert findings(stream(text("os") + call("a", "B") + b"\x93")) == [Assessment.MALICIOUS]
    assert findings(stream(b"NN\x93")) == [Assessment.MALICIOUS]
    assert findings(stream(b"\x83\x07\x00")) == [Assessment.MALICIOUS]


def test_near_misses() -> None:
    assert findings(stream(stack_name("collections", "OrderedDict"))) == []
    assert findings(stream(text("collections") + b"\x940h\x00" + text("OrderedDict") + b"\x93")) == []
