"""TensorFlow SavedModel, frozen graphs and TFLite: operators that reach out, wherever they hide."""

import json

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.graphs_build import (
    graph_def,
    layer,
    marshalled,
    number,
    ranged,
    saved_model,
    sequential,
    tf_function,
    tf_node,
    tflite,
)

REVIEW = frozenset({"review"})
CLEAN = frozenset({"clean"})
_PLAIN = (tf_node("Placeholder", "x"), tf_node("MatMul", "y"))


def _case(name: str, content: bytes, expect: frozenset[str] = HARD, file: str = "saved_model.pb") -> Case:
    return Case(id=f"graphs-tensorflow/{name}", build=lambda: {file: content}, subject=file, expect=expect)


def _model(*nodes: bytes, functions: tuple[bytes, ...] = (), **more: object) -> bytes:
    return saved_model(graph_def(*_PLAIN, *nodes, functions=functions), **more)  # type: ignore[arg-type]


def _keras_object(config: object) -> bytes:
    user = ranged(1, "_tf_keras_layer") + ranged(3, json.dumps(config))
    return ranged(1, ranged(4, user))


def _keras_metadata(config: object) -> bytes:
    return ranged(
        1, number(2, 0) + ranged(3, "root") + ranged(4, "_tf_keras_sequential") + ranged(5, json.dumps(config))
    )


def _lambda() -> dict[str, object]:
    return sequential(layer("Lambda", {"function_type": "lambda", "function": [marshalled(), None, None]}, module=None))


def _custom(name: str, code: int = 32) -> bytes:
    return tflite({0: min(code, 127), 1: name, 3: code})


_REACHING = (
    "WriteFile",
    "ReadFile",
    "MatchingFiles",
    "PyFunc",
    "EagerPyFunc",
    "PyFuncStateless",
    "TFRecordDataset",
    "SaveDataset",
    "DumpTensor",
)

_TEXT = b"""saved_model_schema_version: 1
meta_graphs { graph_def { node { name: "x" op: "Placeholder" } node { name: "y" op: %s } } }
"""

EVASIONS = (
    *(_case(f"operator-{name.lower()}", _model(tf_node(name))) for name in _REACHING),
    _case("write-in-function", _model(functions=(tf_function("f", tf_node("Relu"), tf_node("WriteFile")),))),
    _case(
        "write-in-second-function",
        _model(functions=(tf_function("a", tf_node("Relu")), tf_function("b", tf_node("WriteFile")))),
    ),
    _case("print-to-file", _model(tf_node("PrintV2", output_stream="file:///home/u/.bashrc"))),
    _case(
        "function-named-like-operator", _model(tf_node("WriteFile"), functions=(tf_function("Other", tf_node("Relu")),))
    ),
    _case("custom-operator", _model(tf_node("EvilOp")), REVIEW),
    _case("second-meta-graph", _model() + ranged(2, ranged(2, graph_def(tf_node("Const"), tf_node("WriteFile"))))),
    _case("renamed", _model(tf_node("WriteFile")), file="model.bin"),
    _case("no-suffix", _model(tf_node("WriteFile")), file="graph"),
    _case("asset-outside", _model(assets=("../../../etc/passwd",))),
    _case("asset-absolute", _model(assets=("/etc/passwd",))),
    _case("keras-lambda", _model(objects=_keras_object(_lambda()))),
    _case("keras-metadata-lambda", _keras_metadata(_lambda()), file="keras_metadata.pb"),
    _case("truncated", _model()[:-20], frozenset({"incomplete", "hostile"})),
    _case("text-write", _TEXT % b'"WriteFile"', file="saved_model.pbtxt"),
    _case("text-write-joined", _TEXT % b"'Write' \"\\106ile\"", file="saved_model.pbtxt"),
    _case("text-write-renamed", _TEXT % b'"WriteFile"', file="notes.txt"),
    _case("frozen-write", graph_def(*_PLAIN, tf_node("WriteFile")), file="frozen.pb"),
    _case(
        "frozen-write-in-function",
        graph_def(*_PLAIN, functions=(tf_function("f", tf_node("WriteFile")),)),
        file="f.dat",
    ),
    _case("frozen-custom", graph_def(*_PLAIN, tf_node("EvilOp")), REVIEW, file="frozen.pb"),
    _case("tflite-custom", _custom("EvilOp"), REVIEW, file="m.tflite"),
    _case("tflite-custom-renamed", _custom("EvilOp"), REVIEW, file="m.jpg"),
    _case("tflite-flex-write", _custom("FlexWriteFile"), file="m.tflite"),
    _case("tflite-flex-python", _custom("FlexEagerPyFunc"), file="m.tflite"),
    _case("tflite-custom-behind-builtin", tflite({0: 9, 1: "EvilOp", 3: 9}), REVIEW, file="m.tflite"),
    _case("tflite-operator-unknown", tflite({0: 127, 3: 9999}), file="m.tflite"),
    _case("tflite-buffer-missing", tflite(tensors=({0: [2], 1: 0, 2: 77, 3: "t"},)), file="m.tflite"),
    _case("tflite-shape-lies", tflite(tensors=({0: [9000, 9000], 1: 0, 2: 1, 3: "t"},)), file="m.tflite"),
    _case("tflite-cut", tflite()[:-40], NOT_CLEAN, file="m.tflite"),
    _case("tflite-root-outside", b"\xff\xff\xff\x7fTFL3" + b"\0" * 64, HARD, file="m.tflite"),
    _case("tflite-version", tflite(version=99), file="m.tflite"),
)

BENIGN = (
    _case("benign-text", _TEXT % b'"MatMul"', CLEAN, file="saved_model.pbtxt"),
    _case("benign-saved-model", _model(functions=(tf_function("f", tf_node("Relu")),)), CLEAN),
    _case(
        "benign-function-call", _model(tf_node("call_me"), functions=(tf_function("call_me", tf_node("Relu")),)), CLEAN
    ),
    _case("benign-keras-object", _model(objects=_keras_object(sequential(layer("Dense", {"units": 2})))), CLEAN),
    _case("benign-frozen", graph_def(*_PLAIN), CLEAN, file="frozen.pb"),
    _case("benign-tflite", tflite(), CLEAN, file="m.tflite"),
    _case("benign-tflite-flex", _custom("FlexErf"), CLEAN, file="m.tflite"),
)
