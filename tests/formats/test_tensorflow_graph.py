"""TensorFlow graphs: every node of every function is looked at."""

from tests.samples.graphs_build import graph_def, tf_function, tf_node

from weighbridge.formats.gathering import Gathering
from weighbridge.formats.protobuf_wire import Wire
from weighbridge.formats.tensorflow_graph import TensorFlowGraph
from weighbridge.model.budget import Budget
from weighbridge.model.observation import GraphOperator
from weighbridge.model.source import BytesSource


def operators(content: bytes) -> set[tuple[str, str | None]]:
    gathering = Gathering("x")
    graph = TensorFlowGraph(Wire(BytesSource(content), Budget()), gathering)
    graph.graph(0, None)
    graph.finish()
    return {(o.name, o.key) for o in gathering.reading().observations if isinstance(o, GraphOperator)}


def test_nodes_and_functions() -> None:
    content = graph_def(
        tf_node("MatMul"), tf_node("WriteFile", "w"), functions=(tf_function("f", tf_node("ReadFile", "r")),)
    )
    assert operators(content) == {("WriteFile", "w"), ("ReadFile", "f/r")}


def test_calls_of_functions_are_plain() -> None:
    content = graph_def(tf_node("f"), tf_node("g"), functions=(tf_function("f", tf_node("Relu")),))
    assert operators(content) == {("g", "n")}


def test_printing_to_the_screen_is_plain() -> None:
    assert operators(graph_def(tf_node("PrintV2", output_stream="stderr"))) == set()
    assert operators(graph_def(tf_node("PrintV2", output_stream="file:///x"))) == {("PrintV2", "n")}
