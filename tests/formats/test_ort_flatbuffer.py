"""ONNX Runtime's flatbuffers."""

from typing import Any

from hypothesis import given
from tests.samples.graphs_build import Flat
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.ort_flatbuffer import READER


def model(*nodes: dict[int, Any]) -> bytes:
    graph = {2: list(nodes)}
    return Flat(b"ORTM").finish({0: "1.17.0", 1: {2: "maker", 7: graph}})


PLAIN = model({2: "", 5: "Relu"})


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["producer"] == "maker"
    assert facts(reading)["nodes"] == 1
    assert not reading.observations


def test_foreign_operators_also_in_subgraphs() -> None:
    foreign = {2: "evil", 5: "Run"}
    assert kinds(read(READER, model(foreign))) == {"GraphOperator"}
    assert kinds(read(READER, model({5: "If", 10: [{0: "then", 7: {2: [foreign]}}]}))) == {"GraphOperator"}


def test_empty() -> None:
    assert kinds(read(READER, Flat(b"ORTM").finish({0: "1"}))) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
