"""TFLite: operators, buffers, contradictions."""

from hypothesis import given
from tests.samples import graphs_tensorflow
from tests.samples.graphs_build import tflite
from tests.samples.graphs_reading import damaged, facts, kinds, of, read, recognized, survives

from weighbridge.formats.tflite import READER
from weighbridge.model.observation import GraphOperator

SEEDS = [c.build()[c.subject] for c in graphs_tensorflow.EVASIONS + graphs_tensorflow.BENIGN if "tflite" in c.id]


def operators(content: bytes) -> list[tuple[str, str]]:
    return [(o.domain, o.name) for o in of(read(READER, content), GraphOperator) if isinstance(o, GraphOperator)]


def test_facts() -> None:
    reading = read(READER, tflite())
    assert recognized(READER, tflite())
    assert facts(reading)["parameters"] == 4
    assert facts(reading)["name"] == "main"
    assert facts(reading)["description"] == "hand"
    assert not reading.observations


def test_custom_and_flex_operators() -> None:
    assert operators(tflite({0: 32, 1: "Mine", 3: 32})) == [("custom", "Mine")]
    assert operators(tflite({0: 32, 1: "FlexWriteFile", 3: 32})) == [("flex", "WriteFile")]
    assert operators(tflite({0: 32, 1: "FlexErf", 3: 32})) == []
    assert operators(tflite({0: 32, 1: "TFLite_Detection_PostProcess", 3: 32})) == []


def test_zip_metadata_behind_the_model_is_legal() -> None:
    assert not read(READER, tflite() + b"PK\3\4" + bytes(80)).observations


def test_contradictions() -> None:
    assert kinds(read(READER, tflite(tensors=({0: [2], 1: 0, 2: 5, 3: "t"},)))) == {"Malformed"}
    assert kinds(read(READER, tflite(version=9))) == {"Malformed"}


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
