"""TensorFlow SavedModel: `saved_model.pb`, with variables and assets beside it.

Source: `tensorflow/core/protobuf/{saved_model,meta_graph,saved_object_graph}.proto`; TensorFlow's security guide ("a
model is a program"). Keras writes layer configurations, Lambda code included, into the object graph.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.keras_config import walk
from weighbridge.formats.keras_h5 import parse_configuration
from weighbridge.formats.protobuf_head import looks_like, top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_be_saved_model
from weighbridge.formats.protobuf_wire import RANGE, VARINT, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import refer
from weighbridge.formats.tensorflow_graph import TensorFlowGraph
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.source import ByteSource, SourceError

_MOST_METADATA = 16 << 20


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether a SavedModel with at least one meta graph that holds a graph stands here."""
    if not could_be_saved_model(head):
        return False
    try:
        fields, wire, whole = top_level(source, 2000)
        graphs = [(at, length) for number, kind, length, at in fields if number == 2 and kind == RANGE]
        return whole and any(_holds_graph(wire, at, length) for at, length in graphs)
    except (SourceError, StructureError):
        return False


def _holds_graph(wire: Wire, start: int, length: int) -> bool:
    for number, kind, value, at in wire.fields(start, start + length):
        if number == 2 and kind == RANGE:
            for inner, inner_kind, size, position in wire.fields(at, at + value):
                if inner in (1, 2) and inner_kind == RANGE:
                    return looks_like(wire, position, size, frozenset((field, RANGE) for field in range(1, 8)))
                if (inner, inner_kind) not in ((3, VARINT), (4, RANGE)):
                    return False
    return False


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    wire = Wire(source, budget)
    graph = TensorFlowGraph(wire, gathering)
    gathering.fact("producer", "tensorflow", "format")
    try:
        for number, kind, value, at in wire.fields():
            if number == 2 and kind == RANGE:
                _meta_graph(wire, graph, gathering, at, value)
    finally:
        graph.finish()
        gathering.fact("nodes", graph.nodes, "graphs and functions", Grade.MEASURED)
    gathering.want("variables/variables.index", required=False)
    gathering.want("keras_metadata.pb", required=False)
    gathering.want("fingerprint.pb", required=False)


def _meta_graph(wire: Wire, graph: TensorFlowGraph, gathering: Gathering, start: int, length: int) -> None:
    for number, kind, value, at in wire.fields(start, start + length):
        if kind != RANGE:
            continue
        if number == 1:
            _information(wire, gathering, at, value)
        elif number == 2:
            graph.graph(at, value)
        elif number == 5:
            for inner, inner_kind, size, position in wire.fields(at, at + value):
                if inner == 1 and inner_kind == RANGE:
                    gathering.fact("signature", wire.text(position, size, 200), "signature_def")
        elif number == 6:
            for inner, inner_kind, size, position in wire.fields(at, at + value):
                if inner == 2 and inner_kind == RANGE:
                    name = wire.text(position, size, 1000)
                    # Names are relative to `assets/`, so one level up is already outside.
                    refer(
                        gathering, name if name.startswith(("/", "\\")) or ".." in name else f"assets/{name}", "asset"
                    )
        elif number == 7:
            _objects(wire, gathering, at, value)


def _information(wire: Wire, gathering: Gathering, start: int, length: int) -> None:
    for number, kind, value, at in wire.fields(start, start + length):
        if kind == RANGE and number == 5:
            gathering.fact("producer.version", wire.text(at, value, 100), "tensorflow_version")
        elif kind == RANGE and number == 4:
            gathering.fact("tags", wire.text(at, value, 100), "tags")


def _objects(wire: Wire, gathering: Gathering, start: int, length: int) -> None:
    for number, kind, value, at in wire.fields(start, start + length):
        if number != 1 or kind != RANGE:
            continue
        for inner, inner_kind, size, position in wire.fields(at, at + value):
            if inner == 4 and inner_kind == RANGE:
                user_object(wire, gathering, position, size, 1, 3)


def user_object(wire: Wire, gathering: Gathering, start: int, length: int, identifier: int, metadata: int) -> None:
    """Follow an object that Keras saved; its metadata is a JSON configuration.

    Args:
        wire: the file.
        gathering: receives observations.
        start: position of the message.
        length: of the message.
        identifier: field number of the identifier.
        metadata: field number of the metadata.
    """
    name = ""
    text = b""
    for number, kind, value, at in wire.fields(start, start + length):
        if kind == RANGE and number == identifier:
            name = wire.text(at, value, 200)
        elif kind == RANGE and number == metadata:
            text = wire.content(at, value, _MOST_METADATA)
    if "keras" in name and text.lstrip()[:1] == b"{":
        config = parse_configuration(text, name, gathering)
        if config is not None:
            walk(config, gathering, name)


READER = Reader(
    id="saved-model",
    title="TensorFlow SavedModel",
    recognize=recognize,
    read=gathered("saved-model", _read),
    could_be=could_be_saved_model,
    begins=BEGINNINGS,
)
