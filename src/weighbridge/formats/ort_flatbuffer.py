"""ONNX Runtime's own format: `.ort`, a flatbuffer with the identifier ORTM.

Source: `onnxruntime/core/flatbuffers/schema/ort.fbs` (slots of InferenceSession, Model, Graph, Node, Attribute).
"""

from weighbridge.formats.flatbuffer import FlatBuffer, Table
from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.onnx_operators import is_plain
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.source import ByteSource

MAGIC = b"ORTM"
_DEPTH = 30
_INTERNAL = ("com.microsoft.nchwc", "com.ms.internal.nhwc")


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the identifier stands at offset 4 and the root offset lies inside the file."""
    return head[4:8] == MAGIC and 8 <= int.from_bytes(head[:4], "little") < source.size


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    session = FlatBuffer(source, budget).root()
    gathering.fact("producer.version", session.text(0, 100), "InferenceSession.ort_version")
    model = session.table(1)
    if model is None:
        raise StructureError(Damage.INVALID, "holds no model", session.position)
    gathering.fact("producer", model.text(2, 200), "Model.producer_name")
    gathering.fact("domain", model.text(4, 200), "Model.domain")
    gathering.fact("description", model.text(6), "Model.doc_string")
    graph = model.table(7)
    if graph is None:
        raise StructureError(Damage.INVALID, "holds no graph", model.position)
    gathering.fact("nodes", _graph(graph, gathering, 0), "Graph.nodes", Grade.MEASURED)
    gathering.skipped.append("initializers: hold numbers only")


def _graph(graph: Table, gathering: Gathering, depth: int) -> int:
    if depth > _DEPTH:
        raise StructureError(Damage.INVALID, "graphs are nested deeper than any runtime goes", graph.position)
    count = 0
    for node in graph.tables(2):
        count += 1
        domain, name = node.text(2, 200), node.text(5, 200)
        if not is_plain(domain, name) and domain not in _INTERNAL:
            operator = GraphOperator(
                framework="onnx",
                domain=domain or "ai.onnx",
                name=name,
                key=node.text(0, 200) or None,
                offset=node.position,
            )
            gathering.observe(operator)
        for attribute in node.tables(10):
            inner = attribute.table(7)
            if inner is not None:
                count += _graph(inner, gathering, depth + 1)
    return count


READER = Reader(
    id="ort-flatbuffer",
    title="ONNX Runtime",
    recognize=recognize,
    read=gathered("ort-flatbuffer", _read),
    signatures=(Signature(magic=MAGIC, offset=4),),
    suffixes=(".ort",),
)
