"""Admitted names used against the loader."""

from tests.samples.pickle_assembly import Raw, call, name, stream

from weighbridge.checks.check import Subject
from weighbridge.checks.unsafe_call import CHECK
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment
from weighbridge.model.source import BytesSource


def findings(content: bytes) -> list[Assessment]:
    subject = Subject(format="pickle", name="model.pkl")
    notes = read(BytesSource(content), Budget()).observations
    return [found.implies for note in notes if type(note) in CHECK.wants for found in CHECK.judge(note, subject)]


def test_hits() -> None:
    run = Raw(name("library.helpers", "run_it"))
    for body in (
        call("library.helpers", "run_it", "x"),
        call("numpy.random._pickle", "__generator_ctor", "x", run),
        call("torch._tensor", "_rebuild_from_type_v2", run, Raw(name("torch", "Tensor")), (), None),
        call("_codecs", "encode", "x", "rot13"),
        call("torch", "float32", 1),
        call("builtins", "getattr", Raw(name("collections", "OrderedDict")), "__init__"),
        name("collections", "OrderedDict") + name("a", "B") + b"R",
    ):
        assert findings(stream(body)) == [Assessment.MALICIOUS]
    assert findings(stream(call("builtins", "bytearray", 1 << 40))) == [Assessment.HOSTILE]


def test_near_misses() -> None:
    for body in (
        call("library.models", "Net", "x"),
        call("library._fast", "__pyx_unpickle_Tree", 1),
        call("numpy.random._pickle", "__bit_generator_ctor", "MT19937"),
        call("collections", "defaultdict", Raw(name("builtins", "list"))),
        call("_codecs", "encode", "x", "latin1"),
        call("builtins", "bytearray", b"abc"),
        name("library.models", "net") + b")\x81",
    ):
        assert findings(stream(body)) == []
