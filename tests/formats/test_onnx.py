"""ONNX against the real library: facts, exact recognition, cost independent of tensors."""

import numpy
import onnx
import pytest
from hypothesis import given
from onnx import TensorProto, helper, numpy_helper
from tests.samples import graphs_onnx
from tests.samples.graphs_build import graph, node, number, ranged, saved_model, tensor
from tests.samples.graphs_build import onnx as by_hand
from tests.samples.graphs_reading import CountedSource, damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.onnx import READER
from weighbridge.formats.tensor_table import Tensor, digest
from weighbridge.model.budget import Budget


def real_model(rows: int = 8) -> onnx.ModelProto:
    weights = numpy_helper.from_array(numpy.ones((rows, 4), "f4"), "w")
    body = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "small",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 4])],
        [weights],
    )
    model = helper.make_model(body, producer_name="maker", producer_version="7", doc_string="what it is")
    model.metadata_props.add(key="license", value="MIT")
    model.metadata_props.add(key="author", value="Ada")
    return model


def test_facts_of_a_real_model() -> None:
    reading = read(READER, real_model().SerializeToString())
    found = facts(reading)
    assert found["producer"] == "maker"
    assert found["license"] == "MIT"
    assert found["author"] == "Ada"
    assert found["description"] == "what it is"
    assert found["parameters"] == 32
    assert found["quantization"] == "F32"
    assert found["inputs"] == ("x",)
    assert found["tensor_table.sha256"] == digest([Tensor("w", "F32", (8, 4))])
    assert not reading.observations


def test_every_dtype_of_the_library_has_a_name_and_size() -> None:
    from weighbridge.formats.onnx_graph import TYPES

    for name, value in TensorProto.DataType.items():
        if name != "UNDEFINED":
            assert value in TYPES, name


def test_external_data_of_the_real_library(tmp_path) -> None:
    model = real_model(64)
    onnx.save_model(model, tmp_path / "m.onnx", save_as_external_data=True, location="m.data", size_threshold=0)
    reading = read(READER, (tmp_path / "m.onnx").read_bytes())
    assert [part.relative_path for part in reading.parts_wanted] == ["m.data"]
    assert not reading.observations
    assert facts(reading)["parameters"] == 256


def test_cost_does_not_depend_on_tensors() -> None:
    content = by_hand(graph(node("Relu"), tensors=(tensor(dims=(1 << 20,)),)))
    source = CountedSource(content)
    READER.read(source, Budget())
    assert source.asked < 64 << 10 < len(content)


@pytest.mark.parametrize(
    "content",
    [
        saved_model(b""),
        number(1, 1) + ranged(7, b"some text that is no graph") + ranged(8, b"abc"),
        ranged(7, number(1, 1)) + number(1, 5000),
        b"(this is a text file) " * 300,
        b"",
    ],
)
def test_other_protobuf_is_not_onnx(content: bytes) -> None:
    assert not content or not recognized(READER, content)


def test_large_decision_trees_are_honest() -> None:
    trees = helper.make_node(
        "TreeEnsembleRegressor", ["x"], ["y"], domain="ai.onnx.ml",
        nodes_values=[0.5] * 600_000, nodes_treeids=list(range(600_000)), nodes_modes=["LEAF"] * 2_500_000,
    )  # fmt: skip
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4]) for name in "xy"]
    content = helper.make_model(helper.make_graph([trees], "g", values[:1], values[1:])).SerializeToString()
    assert recognized(READER, content)
    assert not kinds(read(READER, content))


def test_a_cut_download_is_still_recognized() -> None:
    content = real_model(4096).SerializeToString()
    assert recognized(READER, content[:5000])
    assert kinds(read(READER, content[:5000])) == {"Malformed"}


@given(damaged([case.build()[case.subject] for case in graphs_onnx.BENIGN + graphs_onnx.EVASIONS[8:20]]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
