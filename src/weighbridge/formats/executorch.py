"""ExecuTorch: a flatbuffer program with the identifier ET12, often followed by segments.

Source: `executorch/schema/program.fbs` (slots of Program and ExecutionPlan) and the extended header `eh00` of
`executorch/runtime/executor/program.cpp`.
"""

from weighbridge.formats.flatbuffer import FlatBuffer, Table
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.source import ByteSource

_EXTENDED = b"eh00"
_PLAIN_NAMESPACES = ("aten", "prim", "quantized_decomposed", "dim_order_ops", "executorch_prim", "et_vk", "llama",
                     "cadence", "cortex_m", "quantized", "torchao", "higher_order")  # fmt: skip
PLAIN_BACKENDS = frozenset(
    {
        "XnnpackBackend",
        "CoreMLBackend",
        "MPSBackend",
        "VulkanBackend",
        "QnnBackend",
        "VgfBackend",
        "EthosUBackend",
        "ArmBackend",
        "NeuropilotBackend",
        "OpenvinoBackend",
        "CudaBackend",
        "MetalBackend",
        "AotiBackend",
        "MLXBackend",
    }
)


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether an ExecuTorch identifier stands at offset 4 and the root offset lies inside the file."""
    return (
        head[4:6] == b"ET"
        and head[6:8].isdigit()
        and len(head) >= 16
        and 8 <= int.from_bytes(head[:4], "little") < source.size
    )


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    head = source.read(0, 40)
    end: int | None = None
    if head[8:12] == _EXTENDED and len(head) >= 32:
        end = int.from_bytes(head[16:24], "little")
        segments = int.from_bytes(head[24:32], "little")
        if end > source.size or segments > source.size:
            gathering.damaged(Damage.TRUNCATED, "the program or its segments leave the file", 16)
            end = None
    program = FlatBuffer(source, budget, end).root()
    gathering.fact("format_version", program.number(0), "Program.version")
    operators = 0
    for plan in program.tables(1):
        gathering.fact("name", plan.text(0, 400), "ExecutionPlan.name")
        for operator in plan.tables(6):
            operators += 1
            _operator(operator, gathering)
        for delegate in plan.tables(7):
            backend = delegate.text(0, 200)
            gathering.fact("backend", backend, "BackendDelegate.id")
            if backend not in PLAIN_BACKENDS:
                seen = GraphOperator(framework="executorch", domain="backend", name=backend, offset=delegate.position)
                gathering.observe(seen)
    gathering.fact("operators", operators, "ExecutionPlan.operators", Grade.MEASURED)
    gathering.skipped.append("segments: hold constants and delegate data")


def _operator(operator: Table, gathering: Gathering) -> None:
    name = operator.text(0, 400)
    namespace, _, short = name.rpartition("::")
    if (namespace or "aten") not in _PLAIN_NAMESPACES:
        seen = GraphOperator(framework="executorch", domain=namespace, name=short, offset=operator.position)
        gathering.observe(seen)


READER = Reader(
    id="executorch",
    title="ExecuTorch",
    recognize=recognize,
    read=gathered("executorch", _read),
    signatures=(Signature(magic=b"ET", offset=4),),
    suffixes=(".pte",),
)
