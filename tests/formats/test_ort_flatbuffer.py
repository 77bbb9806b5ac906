"""ONNX Runtime's flatbuffers."""

from hypothesis import given
from tests.samples.graphs_build import Flat
from tests.samples.graphs_rare import FOREIGN_NODE, ort
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.ort_flatbuffer import READER

PLAIN = ort({2: "", 5: "Relu"})


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["producer"] == "maker"
    assert facts(reading)["nodes"] == 1
    assert not reading.observations


def test_foreign_operators_also_in_subgraphs() -> None:
    assert kinds(read(READER, ort(FOREIGN_NODE))) == {"GraphOperator"}
    assert kinds(read(READER, ort({5: "If", 10: [{0: "then", 7: {2: [FOREIGN_NODE]}}]}))) == {"GraphOperator"}


def test_empty() -> None:
    assert kinds(read(READER, Flat(b"ORTM").finish({0: "1"}))) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
