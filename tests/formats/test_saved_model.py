"""SavedModel."""

from hypothesis import given
from tests.samples import graphs_tensorflow
from tests.samples.graphs_build import graph, graph_def, node, onnx, saved_model, tf_node
from tests.samples.graphs_reading import damaged, facts, of, read, recognized, survives

from weighbridge.formats.saved_model import READER
from weighbridge.model.observation import EmbeddedCode, OutsideReference

SEEDS = [
    c.build()[c.subject] for c in graphs_tensorflow.EVASIONS + graphs_tensorflow.BENIGN if c.subject == "saved_model.pb"
]
PLAIN = saved_model(graph_def(tf_node("MatMul")), assets=("vocab.txt",))


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["producer.version"] == "2.21.0"
    assert "assets/vocab.txt" in {part.relative_path for part in reading.parts_wanted}
    assert not reading.observations


def test_other_protobuf() -> None:
    assert not recognized(READER, onnx(graph(node("Relu"))))
    assert not recognized(READER, graph_def(tf_node("MatMul")))
    assert not recognized(READER, b"\x08\x01\x12\x05hello")


def test_assets_outside() -> None:
    assert of(read(READER, saved_model(graph_def(), assets=("../x",))), OutsideReference)
    assert of(read(READER, saved_model(graph_def(), assets=("/x",))), OutsideReference)


def test_layers_of_keras_are_followed() -> None:
    (case,) = [c for c in graphs_tensorflow.EVASIONS if c.id.endswith("/keras-lambda")]
    assert of(read(READER, case.build()[case.subject]), EmbeddedCode)


@given(damaged(SEEDS))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
