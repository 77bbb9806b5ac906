"""ONNX: a protobuf ModelProto, with its tensors inside or in files beside it.

Source: `onnx/onnx.proto` (ModelProto), ONNX "External Data"; CVE-2022-25882, CVE-2024-27318 and CVE-2025-51480 for what
a location may not say.
"""

import re

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.onnx_graph import TYPES, GraphWalker, entry
from weighbridge.formats.protobuf_head import looks_like, top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_be_onnx
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire, signed
from weighbridge.formats.reader import Reader
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.source import ByteSource, SourceError

_NEWEST_IR = 200
"""No released IR version comes near; larger numbers are another kind of protobuf."""

_OPERATOR = re.compile(rb"[A-Za-z_][\w.:-]{0,199}")
_OPSET_FIELDS = frozenset({(1, RANGE), (2, VARINT)})
_MODEL_FIELDS = frozenset(
    {(1, VARINT), (5, VARINT)} | {(number, RANGE) for number in (2, 3, 4, 6, 7, 8, 14, 20, 25, 26)}
)
_METADATA = {
    "author": "author",
    "authors": "author",
    "model_author": "author",
    "license": "license",
    "model_license": "license",
    "model_name": "name",
    "name": "name",
    "version": "version",
    "url": "source_url",
    "source": "source_url",
    "source_url": "source_url",
    "docs": "source_url",
    "base_model": "base_model",
    "task": "task",
    "description": "description",
}


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a ModelProto with a graph stands here; unknown fields may stand between its own."""
    if not could_be_onnx(head):
        return False
    try:
        fields, wire, whole = top_level(source)
        if not whole:
            return False
        versions = [value for number, kind, value, _ in fields if number == 1 and kind == VARINT]
        opsets = [(at, length) for number, kind, length, at in fields if number == 8 and kind == RANGE]
        graphs = [(at, length) for number, kind, length, at in fields if number == 7 and kind == RANGE]
        stated = bool(versions) and 0 < versions[-1] < _NEWEST_IR
        imports = any(looks_like(wire, at, length, _OPSET_FIELDS) for at, length in opsets)
        if (versions and not stated) or not graphs or not (stated or imports):
            return False
        if stated and imports and all(field[:2] in _MODEL_FIELDS for field in fields):
            return True
        return any(_holds_nodes(wire, at, length) for at, length in graphs)
    except (SourceError, StructureError):
        return False


def _holds_nodes(wire: Wire, start: int, length: int) -> bool:
    """Tell whether a range is a GraphProto: a node with an operator name, or a tensor with a known type."""
    for seen, (number, kind, size, at) in enumerate(wire.fields(start, start + length)):
        if kind == RANGE and number in (1, 5):
            for inner, inner_kind, value, position in wire.fields(at, at + size):
                if number == 1 and inner == 4 and inner_kind == RANGE:
                    return _OPERATOR.fullmatch(wire.content(position, value, 200)) is not None
                if number == 5 and inner == 2 and inner_kind == VARINT:
                    return value in TYPES
        if seen > 200:
            return False
    return False


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    wire = Wire(source, budget)
    walker = GraphWalker(wire, gathering)
    opsets: dict[str, int] = {}
    try:
        # Functions may stand after the graph that uses them; the outermost level is cheap to walk twice.
        for number, kind, value, at in wire.fields():
            if kind == RANGE and number == 25:
                walker.declare_function(at, value)
        for number, kind, value, at in wire.fields():
            if kind == VARINT and number == 1:
                gathering.fact("ir_version", value, "ModelProto.ir_version")
            elif kind == VARINT and number == 5 and value:
                gathering.fact("version", str(signed(value)), "ModelProto.model_version")
            elif kind == RANGE:
                _model_field(wire, walker, gathering, opsets, number, value, at)
    finally:
        walker.finish()
        walker.census.report(gathering, "initializers")
        gathering.fact(
            "opsets", tuple(f"{domain} {number}" for domain, number in sorted(opsets.items())), "opset_import"
        )
        gathering.fact("inputs", tuple(walker.inputs), "graph inputs")
        gathering.fact("outputs", tuple(walker.outputs), "graph outputs")
        gathering.fact("nodes", walker.nodes, "graph", Grade.MEASURED)
    gathering.skipped.append("tensor data: holds numbers only")


def _model_field(
    wire: Wire, walker: GraphWalker, gathering: Gathering, opsets: dict[str, int], number: int, value: int, at: int
) -> None:
    if number == 7:
        walker.graph(at, value, 1, outer=True)
        _graph_name(wire, gathering, at, value)
    elif number == 20:
        walker.training(at, value, 1)
    elif number == 25:
        walker.function(at, value, 1)
    elif number == 8:
        domain, version = "", 0
        for inner, kind, content, start in wire.fields(at, at + value):
            if inner == 1 and kind == RANGE:
                domain = wire.text(start, content, 200)
            elif inner == 2 and kind == VARINT:
                version = signed(content)
        if len(opsets) < 200:
            opsets[domain or "ai.onnx"] = version
    elif number == 2:
        gathering.fact("producer", wire.text(at, value), "ModelProto.producer_name")
    elif number == 3:
        gathering.fact("producer.version", wire.text(at, value), "ModelProto.producer_version")
    elif number == 4:
        gathering.fact("domain", wire.text(at, value), "ModelProto.domain")
    elif number == 6:
        gathering.fact("description", wire.text(at, value), "ModelProto.doc_string")
    elif number == 14:
        key, text = entry(wire, at, value)
        name = _METADATA.get(key.lower().removeprefix("model."), f"metadata.{key.lower()[:80]}")
        gathering.fact(name, text, f"metadata_props {key[:80]}")


def _graph_name(wire: Wire, gathering: Gathering, start: int, length: int) -> None:
    for number, kind, value, at in wire.fields(start, start + length):
        if number == 2 and kind == RANGE:
            gathering.fact("name", wire.text(at, value, 400), "GraphProto.name")
            return


READER = Reader(
    id="onnx",
    title="ONNX",
    recognize=recognize,
    read=gathered("onnx", _read),
    could_be=could_be_onnx,
    begins=BEGINNINGS,
    suffixes=(".onnx",),
)
