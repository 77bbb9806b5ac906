"""Bytes behind the end."""

from tests.samples.pickle_assembly import stream

from weighbridge.checks.check import Subject
from weighbridge.checks.trailing_bytes import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hit_and_near_misses() -> None:
    assert findings(stream(b"N") + b"\xfe" * 9) == [Assessment.REVIEW]
    assert findings(stream(b"N") + b"\0" * 9) == [Assessment.CLEAN]
    assert findings(stream(b"N")) == []
