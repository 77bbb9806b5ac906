from pathlib import Path

import pytest
from tests.samples.graphs_build import graph, node, onnx, tensor
from tests.samples.shipments import POINTER, oci_layout, tar, write

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

GRAPH = onnx(graph(node("Relu"), tensors=(tensor(location="data/w.dat", offset="0", length="16"),)))


def assessment(folder: Path, *layers: bytes, packed: bool = True) -> str:
    write(folder, oci_layout(*layers, packed=packed))
    found = scan(RealMachine(), Options(roots=(bytes(folder),), cache=False)).artifacts
    return next(one.assessment.value for one in found if one.format == "onnx")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", ["a/data/w.dat", "./a/data/w.dat"])
def test_another_layer_of_a_layout_in_a_folder_has_the_data(tmp_path: Path, name: str, packed: bool) -> None:
    model, data = tar({"a/m.onnx": GRAPH}), tar({name: bytes(16)})
    assert assessment(tmp_path / "over", model, data, packed=packed) == "clean"
    assert assessment(tmp_path / "under", data, model, packed=packed) == "clean"


@pytest.mark.parametrize(
    ("model", "other"),
    [
        ({"a/m.onnx": GRAPH}, {"b/data/w.dat": bytes(16)}),
        ({"a/m.onnx": GRAPH}, {"a/data/w.dat": POINTER}),
        ({"a/m.onnx": GRAPH, "a/data/w.dat": POINTER}, {"x": b"xx"}),
    ],
)
def test_data_that_no_layer_has_stays_missing(tmp_path: Path, model: dict[str, bytes], other: dict[str, bytes]) -> None:
    assert assessment(tmp_path / "x", tar(model), tar(other)) == "incomplete"


def test_layers_of_two_images_do_not_complete_each_other(tmp_path: Path) -> None:
    write(tmp_path / "one", oci_layout(tar({"a/data/w.dat": bytes(16)})))
    assert assessment(tmp_path / "two", tar({"a/m.onnx": GRAPH})) == "incomplete"
