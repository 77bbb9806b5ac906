"""Files as onnx writes them: everything inline, and with external data."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FILES = {
    "inline.onnx": "data",
    "functions.onnx": "data",
    "external/model.onnx": "data",
    "external/model.onnx.data": "beside",
    "external-each/model.onnx": "data",
    "external-each/weight": "beside",
    "tensor.pb": "other",
}


def _model(*, local_function: bool = False) -> onnx.ModelProto:
    weight = numpy_helper.from_array(np.ones((64, 64), dtype=np.float32), "weight")
    operator = helper.make_node("MatMul", ["x", "weight"], ["h"])
    functions = []
    if local_function:
        body = [helper.make_node("Relu", ["a"], ["b"])]
        imports = [helper.make_opsetid("", 17)]
        functions = [helper.make_function("local", "Activate", ["a"], ["b"], body, imports)]
        activation = helper.make_node("Activate", ["h"], ["y"], domain="local")
    else:
        activation = helper.make_node("Relu", ["h"], ["y"])
    graph = helper.make_graph(
        [operator, activation],
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 64])],
        [weight],
    )
    imports = [helper.make_opsetid("", 17)] + ([helper.make_opsetid("local", 1)] if local_function else [])
    model = helper.make_model(graph, producer_name="a-test", opset_imports=imports, functions=functions)
    helper.set_model_props(model, {"license": "mit"})
    return model


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    onnx.save(_model(), folder / "inline.onnx")
    onnx.save(_model(local_function=True), folder / "functions.onnx")
    (folder / "external").mkdir()
    onnx.save(
        _model(),
        folder / "external" / "model.onnx",
        save_as_external_data=True,
        location="model.onnx.data",
        size_threshold=0,
    )
    (folder / "external-each").mkdir()
    onnx.save(
        _model(),
        folder / "external-each" / "model.onnx",
        save_as_external_data=True,
        all_tensors_to_one_file=False,
        size_threshold=0,
    )
    (folder / "tensor.pb").write_bytes(numpy_helper.from_array(np.ones(3, dtype=np.float32), "t").SerializeToString())
