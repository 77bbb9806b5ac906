"""TensorFlow Lite (LiteRT): a flatbuffer with the identifier TFL3.

Source: `tensorflow/compiler/mlir/lite/schema/schema.fbs` version 3 (table and slot order), and the TFLite metadata
library, which appends associated files as a ZIP after the flatbuffer.
"""

from weighbridge.formats.flatbuffer import FlatBuffer, Table
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader, Signature
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.formats.tensorflow_operators import PLAIN as TENSORFLOW_PLAIN
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.source import ByteSource

MAGIC = b"TFL3"
_CUSTOM = 32
_PLACEHOLDER = 127
_NEWEST_BUILTIN = 260
"""Above the last builtin operator (STABLEHLO_CASE and followers end near 210) with room for new ones."""

_TYPES = (
    "F32", "F16", "I32", "U8", "I64", "STRING", "BOOL", "I16", "C64", "I8", "F64", "C128", "U64", "RESOURCE",
    "VARIANT", "U32", "U16", "I4", "BF16", "I2", "U4",
)  # fmt: skip
_BITS = {"F32": 32, "I32": 32, "F16": 16, "BF16": 16, "I64": 64, "F64": 64, "I16": 16, "I8": 8, "U8": 8, "U32": 32}

# Slots of Model, SubGraph, Tensor, OperatorCode, Buffer, Metadata.
_VERSION, _OPERATOR_CODES, _SUBGRAPHS, _DESCRIPTION, _BUFFERS, _METADATA_BUFFER, _METADATA = range(7)
_TENSORS, _INPUTS, _OUTPUTS, _OPERATORS, _GRAPH_NAME = range(5)
_SHAPE, _TYPE, _BUFFER, _TENSOR_NAME = range(4)

# Runtime-provided custom operators of TFLite itself and of MediaPipe: kernels, but outside the builtin set.
PLAIN_CUSTOM = frozenset(
    {
        "TFLite_Detection_PostProcess",
        "TFLiteDetection_PostProcess",
        "Convolution2DTransposeBias",
        "MaxPoolingWithArgmax2D",
        "MaxUnpooling2D",
        "TransformLandmarks",
        "TransformTensorBilinear",
        "Landmarks2TransformMatrix",
        "NumericVerify",
        "Mfcc",
        "AudioSpectrogram",
        "AccumulateNV2",
        "Multinomial",
        "RandomUniform",
        "RandomStandardNormal",
        "ReadVariable",
        "AssignVariable",
        "VarHandle",
    }
)


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the identifier stands at offset 4 and the root offset lies inside the file."""
    return head[4:8] == MAGIC and 8 <= int.from_bytes(head[:4], "little") < source.size


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    model = FlatBuffer(source, budget).root()
    version = model.number(_VERSION)
    gathering.fact("format_version", version, "Model.version")
    if version != 3:
        gathering.damaged(Damage.INVALID, f"schema version {version} is not 3", model.position)
    gathering.fact("description", model.text(_DESCRIPTION), "Model.description")
    for index, code in enumerate(model.tables(_OPERATOR_CODES)):
        _operator(code, index, gathering)
    buffers = _buffers(model, source, gathering)
    census = TensorCensus()
    graphs = model.tables(_SUBGRAPHS)
    if not graphs:
        gathering.damaged(Damage.INVALID, "holds no graph", model.position)
    for graph in graphs:
        _graph(graph, buffers, census, gathering)
    if graphs:
        gathering.fact("name", graphs[0].text(_GRAPH_NAME, 400), "SubGraph.name")
    census.report(gathering, "constant tensors")
    for metadata in model.tables(_METADATA):
        gathering.fact("metadata", metadata.text(0, 200), "Model.metadata")
    gathering.skipped.append("buffers: hold numbers only")


def _operator(code: Table, index: int, gathering: Gathering) -> None:
    old = code.number(0, 1)
    # Codes above 127 moved to a wider field; readers take the larger of the two (schema.fbs, OperatorCode).
    new = code.number(3, 4)
    builtin = max(old if old < 128 else 0, new)
    custom = code.text(1, 400)
    key = f"operator code {index}"
    if builtin == _CUSTOM or (custom and builtin == _PLACEHOLDER):
        if custom not in PLAIN_CUSTOM:
            flex = custom.startswith("Flex")
            domain, name = ("flex", custom.removeprefix("Flex")) if flex else ("custom", custom)
            if flex and name in TENSORFLOW_PLAIN:
                return
            operator = GraphOperator(framework="tflite", domain=domain, name=name, key=key, offset=code.position)
            gathering.observe(operator)
    elif custom:
        # Builtin operators carry no custom name; interpreters ignore it, other loaders may not.
        operator = GraphOperator(framework="tflite", domain="custom", name=custom, key=key, offset=code.position)
        gathering.observe(operator)
    elif builtin > _NEWEST_BUILTIN:
        gathering.damaged(Damage.INVALID, f"operator code {builtin} does not exist", code.position, key)


def _buffers(model: Table, source: ByteSource, gathering: Gathering) -> list[int]:
    """Return the length of each buffer; data may also lie behind the flatbuffer (fields offset and size)."""
    lengths: list[int] = []
    for index, buffer in enumerate(model.tables(_BUFFERS)):
        _, length = buffer.extent(0)
        offset, size = buffer.number(1, 8), buffer.number(2, 8)
        if offset > 1 or size:
            if offset + size > source.size:
                reason = "a buffer behind the flatbuffer leaves the file"
                gathering.damaged(Damage.TRUNCATED, reason, buffer.position, f"buffer {index}")
            length = size
        lengths.append(length)
    return lengths


def _graph(graph: Table, buffers: list[int], census: TensorCensus, gathering: Gathering) -> None:
    tensors = graph.tables(_TENSORS)
    for tensor in tensors:
        kind = tensor.number(_TYPE, 1)
        dtype = _TYPES[kind] if kind < len(_TYPES) else f"type {kind}"
        index = tensor.number(_BUFFER)
        name = tensor.text(_TENSOR_NAME, 400)
        if index >= len(buffers):
            gathering.damaged(Damage.CONTRADICTION, "a tensor names a buffer that is not there", tensor.position, name)
            continue
        if not buffers[index]:
            continue
        elements = census.add(name, dtype, tensor.integers(_SHAPE))
        needed = elements * _BITS.get(dtype, 0) // 8
        if needed and buffers[index] < needed and not tensor.slot(6):
            reason = f"a tensor of {needed} bytes by type and shape has a buffer of {buffers[index]}"
            gathering.damaged(Damage.CONTRADICTION, reason, tensor.position, name)
    operators = graph.tables(_OPERATORS)
    gathering.fact("nodes", len(operators), "SubGraph.operators", Grade.MEASURED)
    for slot in (_INPUTS, _OUTPUTS):
        if any(not -1 <= index < len(tensors) for index in graph.integers(slot)):
            reason = "a graph names an input or output tensor that is not there"
            gathering.damaged(Damage.CONTRADICTION, reason, graph.position)


READER = Reader(
    id="tflite",
    title="TensorFlow Lite",
    recognize=recognize,
    read=gathered("tflite", _read),
    signatures=(Signature(magic=MAGIC, offset=4),),
    suffixes=(".tflite",),
)
