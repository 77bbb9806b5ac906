"""Where a tensor or node may hide in ONNX; what a location may say; sizes that contradict each other."""

import pytest
from tests.samples.graphs_build import attribute, graph, node, onnx, ranged, tensor
from tests.samples.graphs_reading import kinds, of, read

from weighbridge.formats.onnx import READER
from weighbridge.model.observation import ClassReference, GraphOperator, Malformed, OutsideReference


def observed(*nodes: bytes, extra: bytes = b"", **more: tuple[bytes, ...]) -> set[str]:
    return kinds(read(READER, onnx(graph(*nodes, **more), extra=extra)))


@pytest.mark.parametrize(
    "location", ["../x", "/x", "a/../../x", "C:x", "\\\\host\\x", "https://e.example/x", "*/_ORT_MEM_ADDR_/*"]
)
def test_locations_that_lead_out(location: str) -> None:
    assert "OutsideReference" in observed(tensors=(tensor(location=location),))


@pytest.mark.parametrize("location", ["x.bin", "data/x.bin", "./x.bin", "a..b"])
def test_locations_beside_are_wanted(location: str) -> None:
    reading = read(READER, onnx(graph(tensors=(tensor(location=location),))))
    assert not of(reading, OutsideReference)
    assert [part.relative_path for part in reading.parts_wanted] == [location]


def test_sizes_that_contradict() -> None:
    assert "Malformed" in observed(tensors=(tensor(raw=b"123"),))
    assert "Malformed" in observed(tensors=(tensor(location="x", length="12"),))
    assert "Malformed" not in observed(tensors=(tensor(location="x", length="16"),))


def test_packed_and_unpacked_dimensions_are_the_same() -> None:
    packed = ranged(1, b"\x02\x02") + b"\x10\x01" + ranged(9, bytes(16))
    reading = read(READER, onnx(graph(tensors=(packed,))))
    assert not of(reading, Malformed)


def test_functions_of_the_model_define_operators() -> None:
    function = ranged(1, "F") + ranged(10, "mine") + ranged(7, node("Relu"))
    assert not observed(node("F", domain="mine"), extra=ranged(25, function))
    assert observed(node("G", domain="mine"), extra=ranged(25, function)) == {"GraphOperator"}


def test_operator_evidence_names_node_and_domain() -> None:
    reading = read(READER, onnx(graph(node("Evil", domain="d", name="here"))))
    (operator,) = of(reading, GraphOperator)
    assert isinstance(operator, GraphOperator)
    assert (operator.domain, operator.name, operator.key) == ("d", "Evil", "here")


def test_names_of_python_functions_are_references() -> None:
    reading = read(
        READER, onnx(graph(node("PythonOp", attribute("func_name", text=b"os.system"), domain="com.microsoft")))
    )
    (reference,) = of(reading, ClassReference)
    assert isinstance(reference, ClassReference)
    assert (reference.module, reference.name) == ("os", "system")
