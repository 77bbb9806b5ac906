"""A pickle inside a pickle is information."""

from tests.samples.pickle_assembly import SYSTEM, stream, value

from weighbridge.checks.check import Subject
from weighbridge.checks.nested_pickle import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hit_and_near_miss() -> None:
    assert findings(stream(value(stream(SYSTEM)))) == [Assessment.CLEAN]
    assert findings(stream(value(b"no pickle in these bytes"))) == []
