"""Names that no model needs."""

from tests.samples.pickle_assembly import SYSTEM, name, stack_name, stream

from weighbridge.checks.check import Subject
from weighbridge.checks.unsafe_import import CHECK
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
        SYSTEM,
        name("os", "getcwd"),
        stack_name("collections", "OrderedDict.fromkeys"),
        stack_name("torch", "serialization.os"),
        name("builtins", "eval"),
        name("__builtin__", "eval"),
        name("collections", "__dict__"),
        name("setuptools", "Command"),
        name("some package", "Net"),
    ):
        assert findings(stream(body)) == [Assessment.MALICIOUS]


def test_near_misses() -> None:
    for body in (
        name("collections", "OrderedDict"),
        name("torch", "FloatStorage"),
        name("project.models", "Net"),
        name("sklearn.pipeline", "Pipeline"),
        name("setuptools_like", "Net"),
    ):
        assert findings(stream(body)) == []
    assert findings(b"\x80\x02c__builtin__\nset\n.") == []
