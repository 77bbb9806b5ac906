import pytest
from tests.samples.graphs_build import graph, node, onnx, tensor
from tests.samples.inspection import look
from tests.samples.shipments import POINTER, docker_save, tar, zipped

from weighbridge.formats.reader import PartWanted
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inner_parts import Absent, absent, note_missing

GRAPH = onnx(graph(node("Relu"), tensors=(tensor(location="data/w.dat", offset="0", length="16"),)))


def said(content: bytes) -> list[str]:
    inspected = look(content, "archive")
    note_missing(inspected)
    return [getattr(note, "what", "") for item in inspected for note in item.observations if item.holds_model]


@pytest.mark.parametrize("pack", [tar, zipped])
def test_a_part_is_beside_its_model_or_missing(pack) -> None:
    assert said(pack({"a/m.onnx": GRAPH, "a/data/w.dat": bytes(16)})) == []
    assert said(pack({"./a/m.onnx": GRAPH, "a//data/w.dat": bytes(16)})) == []
    assert said(pack({"a/m.onnx": GRAPH, "data/w.dat": bytes(16)})) == ["w.dat"]
    assert said(pack({"a/m.onnx": GRAPH, "a/data/w.dat": POINTER})) == ["w.dat"]


def test_another_layer_may_have_it_but_not_instead_of_a_pointer() -> None:
    model, data = tar({"a/m.onnx": GRAPH}), tar({"a/data/w.dat": bytes(16)})
    assert said(docker_save(model, data)) == []
    assert said(docker_save(model, tar({"b/data/w.dat": bytes(16)}))) == ["w.dat"]
    assert said(docker_save(tar({"a/m.onnx": GRAPH, "a/data/w.dat": POINTER}), tar({"x": b"xx"}))) == ["w.dat"]


def test_what_goes_by_other_names_is_not_missed() -> None:
    wanted = [PartWanted(relative_path="w.dat"), PartWanted(relative_path="more", required=False)]
    assert absent("models--x/blobs/abc", wanted, {}) == []
    assert absent("m/abc", wanted, {"w.dat": BytesSource(b"")}) == [Absent(path="m/w.dat")]
    assert absent("abc", [PartWanted(relative_path="../w.dat")], {"w.dat": BytesSource(b"")}) == [
        Absent(path="../w.dat")
    ]
