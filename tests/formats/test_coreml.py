"""Core ML specifications."""

from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_build import graph, node, onnx
from tests.samples.graphs_reading import damaged, facts, kinds, of, read, recognized, survives

from weighbridge.formats.coreml import READER
from weighbridge.model.observation import GraphOperator

SEEDS = [
    c.build()[c.subject]
    for c in graphs_other.EVASIONS + graphs_other.BENIGN
    if "coreml-" in c.id and "package" not in c.id
]
PLAIN = graphs_other._mlmodel(500, graphs_other._PLAIN_NET)


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["architecture"] == "neural network"
    assert facts(reading)["author"] == "author"
    assert not reading.observations


def test_custom_layers_name_their_class() -> None:
    content = graphs_other._mlmodel(500, graphs_other._CUSTOM_LAYER)
    (operator,) = of(read(READER, content), GraphOperator)
    assert isinstance(operator, GraphOperator)
    assert operator.name == "EvilLayer"


def test_weights_inside_the_package_are_wanted() -> None:
    reading = read(READER, graphs_other._mlmodel(502, graphs_other._program("@model_path/weights/weight.bin")))
    assert [part.relative_path for part in reading.parts_wanted] == ["weights/weight.bin"]
    assert not kinds(reading)


def test_other_protobuf() -> None:
    assert not recognized(READER, onnx(graph(node("Relu"))))


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
