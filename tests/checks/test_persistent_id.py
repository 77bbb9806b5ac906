"""Objects that the loader must find."""

from tests.samples.pickle_assembly import Raw, name, stream, value

from weighbridge.checks.check import Subject
from weighbridge.checks.persistent_id import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    assert findings(stream(value("some id") + b"Q")) == [Assessment.REVIEW]
    assert findings(b"Psome id\n.") == [Assessment.REVIEW]


def test_near_miss() -> None:
    storage = value(("storage", Raw(name("torch", "FloatStorage")), "0", "cpu", 3)) + b"Q"
    assert findings(stream(storage)) == []
