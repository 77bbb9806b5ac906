"""Places that unpicklers read differently."""

from tests.samples.pickle_assembly import stream

from weighbridge.checks.check import Subject
from weighbridge.checks.pickle_disagreement import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    for content in (b"I0x10\n.", b"\x80\x04N0\x80\x02N.", stream(b"]q\x00}q\x000")):
        assert findings(content) == [Assessment.HOSTILE]


def test_near_misses() -> None:
    for content in (b"I16\n.", b"\x80\x04N.", stream(b"]q\x00}q\x010")):
        assert findings(content) == []
