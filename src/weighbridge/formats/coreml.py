"""Core ML model specifications: `.mlmodel`, also inside `.mlpackage`.

Source: `mlmodel/format/{Model,NeuralNetwork,CustomModel,LinkedModel,MIL}.proto` of coremltools (field numbers). Custom
layers and models name classes of the host application; linked models and weight blobs name files.
"""

from weighbridge.formats.gathering import Gathering, StructureError, gathered
from weighbridge.formats.protobuf_head import looks_like, top_level
from weighbridge.formats.protobuf_start import BEGINNINGS, could_be_core_ml
from weighbridge.formats.protobuf_wire import DEPTH, RANGE, VARINT, Wire
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import refer
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, GraphOperator
from weighbridge.model.source import ByteSource, SourceError

_KINDS = {
    200: "pipeline classifier", 201: "pipeline regressor", 202: "pipeline", 300: "linear regressor",
    301: "support vector regressor", 302: "tree ensemble regressor", 303: "neural network regressor",
    304: "Bayesian probit regressor", 400: "linear classifier", 401: "support vector classifier",
    402: "tree ensemble classifier", 403: "neural network classifier", 404: "nearest neighbors classifier",
    500: "neural network", 501: "item similarity recommender", 502: "ML program", 555: "custom model",
    556: "linked model", 560: "class confidence threshold", 600: "one-hot encoder", 601: "imputer",
    602: "feature vectorizer", 603: "dictionary vectorizer", 604: "scaler", 606: "categorical mapping",
    607: "normalizer", 609: "array feature extractor", 610: "non-maximum suppression", 900: "identity",
    2000: "text classifier", 2001: "word tagger", 2002: "vision feature print", 2003: "sound analysis",
    2004: "gazetteer", 2005: "word embedding", 2006: "audio feature print", 3000: "serialized model",
}  # fmt: skip
_DESCRIPTION = frozenset((number, RANGE) for number in (1, 7, 10, 11, 12, 13, 14, 20, 50, 100, 101)) | {(8, VARINT)}
_METADATA = {1: "description", 2: "version", 3: "author", 4: "license"}
_CUSTOM_LAYER = 500
_BLOB_PREFIX = "@model_path/"


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether one of the model kinds of Core ML stands at the top level."""
    if not could_be_core_ml(head):
        return False
    try:
        fields, wire, whole = top_level(source, 200)
        kinds = [number for number, kind, *_ in fields if number in _KINDS and kind == RANGE]
        described = [(at, length) for number, kind, length, at in fields if number == 2 and kind == RANGE]
        return (
            whole
            and len(kinds) >= 1
            and (bool(described) or kinds[0] in (502, 555))
            and all(looks_like(wire, at, length, _DESCRIPTION) for at, length in described)
        )
    except (SourceError, StructureError):
        return False


class _Walker:
    def __init__(self, wire: Wire, gathering: Gathering) -> None:
        self.wire = wire
        self.gathering = gathering
        self.layers = 0

    def model(self, start: int, end: int | None, depth: int) -> None:
        if depth > DEPTH // 3:
            raise StructureError(Damage.INVALID, "pipelines are nested deeper than any reader goes", start)
        wire, gathering = self.wire, self.gathering
        for number, kind, value, at in wire.fields(start, end):
            if number == 1 and kind == VARINT and not depth:
                gathering.fact("format_version", value, "specificationVersion")
            if kind != RANGE:
                continue
            if number == 2 and not depth:
                self.description(at, value)
            elif number in _KINDS:
                gathering.fact("architecture", _KINDS[number], "model kind")
                self.kind(number, at, value, depth)

    def description(self, start: int, length: int) -> None:
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 100 and kind == RANGE:
                for inner, inner_kind, size, position in self.wire.fields(at, at + value):
                    if inner in _METADATA and inner_kind == RANGE:
                        self.gathering.fact(_METADATA[inner], self.wire.text(position, size), "model metadata")

    def kind(self, number: int, start: int, length: int, depth: int) -> None:
        if number in (200, 201):
            for inner, kind, size, at in self.wire.fields(start, start + length):
                if inner == 1 and kind == RANGE:
                    self.pipeline(at, size, depth)
        elif number == 202:
            self.pipeline(start, length, depth)
        elif number in (303, 403, 500):
            self.network(start, length)
        elif number == 502:
            self.message(start, length, 0)
        elif number == 555:
            self.custom("model", start, length)
        elif number == 556:
            self.linked(start, length)
        elif number == 3000:
            operator = GraphOperator(framework="coreml", domain="serialized", name="serialized model", offset=start)
            self.gathering.observe(operator)

    def pipeline(self, start: int, length: int, depth: int) -> None:
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 1 and kind == RANGE:
                self.model(at, at + value, depth + 1)

    def network(self, start: int, length: int) -> None:
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 1 and kind == RANGE:
                self.layers += 1
                for inner, inner_kind, size, position in self.wire.fields(at, at + value):
                    if inner == _CUSTOM_LAYER and inner_kind == RANGE:
                        self.custom("layer", position, size)

    def custom(self, what: str, start: int, length: int) -> None:
        name = ""
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 10 and kind == RANGE:
                name = self.wire.text(at, value, 400)
        operator = GraphOperator(framework="coreml", domain=f"custom {what}", name=name, offset=start)
        self.gathering.observe(operator)

    def linked(self, start: int, length: int) -> None:
        """LinkedModel -> LinkedModelFile -> file name and search path, both with a default value."""
        for number, kind, value, at in self.wire.fields(start, start + length):
            if number == 1 and kind == RANGE:
                for inner, inner_kind, size, position in self.wire.fields(at, at + value):
                    if inner in (1, 2) and inner_kind == RANGE:
                        for last, last_kind, width, place in self.wire.fields(position, position + size):
                            if last == 1 and last_kind == RANGE:
                                text = self.wire.text(place, width, 1000)
                                refer(self.gathering, text, "linkedModel", offset=place, required=inner == 1)

    def message(self, start: int, length: int, level: int) -> None:
        """Follow an ML program: function, block, operation, attribute value, blob file.

        The path of field numbers is fixed (MIL.proto), so only those messages are opened.
        """
        steps = _PROGRAM[level]
        for number, kind, value, at in self.wire.fields(start, start + length):
            if kind != RANGE:
                continue
            if level == _OPERATION and number == 1:
                self.layers += 1
                name = self.wire.text(at, value, 200)
                if name.startswith("custom"):
                    operator = GraphOperator(framework="coreml", domain="custom operation", name=name, offset=at)
                    self.gathering.observe(operator)
            if level == _BLOB and number == 1:
                path = self.wire.text(at, value, 1000)
                refer(self.gathering, path.removeprefix(_BLOB_PREFIX), "blobFileValue", offset=at)
            elif number in steps:
                self.message(at, value, steps[number])


_OPERATION, _BLOB = 5, 9
# Level -> field number -> next level: Program.functions(2), map value(2), Function.blocks(3), map value(2),
# Block.operations(3), Operation.inputs(2) and attributes(5), map value(2), Value.blobFileValue(5).
_PROGRAM: dict[int, dict[int, int]] = {
    0: {2: 1}, 1: {2: 2}, 2: {3: 3}, 3: {2: 4}, 4: {3: 5}, 5: {2: 10, 5: 6, 4: 4}, 6: {2: 8}, 8: {5: 9}, 9: {},
    10: {2: 11}, 11: {1: 12}, 12: {2: 8},
}  # fmt: skip


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    walker = _Walker(Wire(source, budget), gathering)
    try:
        walker.model(0, None, 0)
    except RecursionError:
        raise StructureError(Damage.INVALID, "operations are nested deeper than any reader goes") from None
    finally:
        gathering.fact("nodes", walker.layers, "layers and operations", Grade.MEASURED)
    gathering.skipped.append("weights: hold numbers only")


READER = Reader(
    id="coreml",
    title="Core ML",
    recognize=recognize,
    read=gathered("coreml", _read),
    could_be=could_be_core_ml,
    begins=BEGINNINGS,
    suffixes=(".mlmodel",),
)
