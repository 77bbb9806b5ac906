"""MXNet graphs (`-symbol.json`).

Source: `nnvm` JSON graphs (keys `nodes`, `arg_nodes`, `heads`; a node has `op`, `name`, `attrs`). Operators named
`Custom` or `_Native` call Python that the host program registered.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.json_text import BEGINNINGS, parse, starts_object
from weighbridge.formats.reader import Reader
from weighbridge.formats.word_list import words
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.source import ByteSource, LimitReached

_FOREIGN = words(
    "Custom _Native _NDArray _CustomFunction _contrib_tvm_op TorchModule TorchCriterion CaffeOp CaffeLoss _TensorRT"
)
_LONGEST = 32 << 20


def could_be(head: bytes) -> bool:
    """Tell whether a JSON object with nodes and operators begins here."""
    return starts_object(head) and b'"nodes"' in head and b'"op"' in head and b'"inputs"' in head


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the end lists arguments or heads, as every MXNet graph does."""
    if not could_be(head):
        return False
    tail = source.read(max(0, source.size - (64 << 10)), 64 << 10)
    return b'"arg_nodes"' in tail or b'"arg_nodes"' in head


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    if source.size > _LONGEST:
        raise LimitReached("graph bytes", _LONGEST)
    parsed = parse(source.read(0, _LONGEST))
    nodes = parsed.value.get("nodes") if isinstance(parsed.value, dict) else None
    if not isinstance(nodes, list):
        raise StructureError(Damage.INVALID, f"the graph is not readable: {parsed.error or 'no nodes'}")
    gathering.fact("producer", "mxnet", "format")
    gathering.fact("nodes", len(nodes), "nodes", Grade.MEASURED)
    for node in nodes:
        operator = node.get("op") if isinstance(node, dict) else None
        if isinstance(operator, str) and operator in _FOREIGN:
            gathering.observe(
                GraphOperator(framework="mxnet", domain="", name=operator, key=str(node.get("name"))[:200])
            )


READER = Reader(
    id="mxnet-symbol",
    title="MXNet graph",
    recognize=recognize,
    read=gathered("mxnet-symbol", _read),
    could_be=could_be,
    begins=BEGINNINGS,
)
