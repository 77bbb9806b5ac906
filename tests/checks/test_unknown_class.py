"""Classes that only their author knows."""

from tests.samples.pickle_assembly import name, stream

from weighbridge.checks.check import Subject
from weighbridge.checks.unknown_class import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    for body in (name("project.models", "Net"), name("__main__", "Net"), name("argparse", "Namespace")):
        assert findings(stream(body)) == [Assessment.REVIEW]


def test_near_misses() -> None:
    for body in (name("sklearn.pipeline", "Pipeline"), name("os", "system"), name("collections", "deque")):
        assert findings(stream(body)) == []
