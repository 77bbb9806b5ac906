"""TensorFlow frozen graphs: a GraphDef on its own (`frozen_inference_graph.pb`).

Source: `tensorflow/core/framework/graph.proto`, `node_def.proto`.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.protobuf_head import top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_hold_nodes
from weighbridge.formats.protobuf_wire import RANGE, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.tensorflow_graph import TensorFlowGraph
from weighbridge.formats.tensorflow_operators import PLAIN
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.source import ByteSource, SourceError

_NODES_LOOKED_AT = 50


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether nodes with names of TensorFlow operators stand at the top level."""
    if not could_hold_nodes(head):
        return False
    try:
        fields, wire, whole = top_level(source, 100_000)
        if not whole:
            return False
        nodes = [(at, length) for number, kind, length, at in fields if number == 1 and kind == RANGE]
        operators = [_operator(wire, at, length) for at, length in nodes[:_NODES_LOOKED_AT]]
    except (SourceError, StructureError):
        return False
    known = sum(1 for operator in operators if operator in PLAIN)
    return known > 0 and sum(1 for operator in operators if operator) * 2 > len(operators)


def _operator(wire: Wire, start: int, length: int) -> str:
    name = operator = ""
    for number, kind, value, at in wire.fields(start, start + length):
        if kind != RANGE or number > 8:
            return ""
        if number == 1:
            name = wire.text(at, value, 200)
        elif number == 2:
            operator = wire.text(at, value, 200)
    return operator if name and operator.isidentifier() else ""


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    graph = TensorFlowGraph(Wire(source, budget), gathering)
    gathering.fact("producer", "tensorflow", "format")
    try:
        graph.graph(0, None)
    finally:
        graph.finish()
        gathering.fact("nodes", graph.nodes, "graph and functions", Grade.MEASURED)
    gathering.skipped.append("constant tensors: hold numbers only")


READER = Reader(
    id="frozen-graph",
    title="TensorFlow frozen graph",
    recognize=recognize,
    read=gathered("frozen-graph", _read),
    could_be=could_hold_nodes,
    begins=BEGINNINGS,
)
