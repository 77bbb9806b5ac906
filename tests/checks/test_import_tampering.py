"""Changes to what was imported."""

from tests.samples.pickle_assembly import call, name, stream, text, value

from weighbridge.checks.check import Subject
from weighbridge.checks.import_tampering import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    for body in (
        name("collections", "OrderedDict") + b"N}" + text("a") + b"Ns\x86b",
        name("sys", "path") + text("x") + b"a",
        name("sys", "modules") + text("x") + b"Ns",
        text("id") + b"Q" + value({}) + b"b",
    ):
        assert findings(stream(body)) == [Assessment.MALICIOUS]
    assert findings(stream(call("datetime", "date", b"abcd") + text("k") + b"Ns")) == [Assessment.HOSTILE]


def test_near_misses() -> None:
    assert findings(stream(call("collections", "OrderedDict") + text("k") + b"Ns")) == []
    assert findings(stream(name("project.models", "Net") + b")\x81}b")) == []
    assert findings(stream(value({"a": [1]}))) == []
