"""Paddle programs."""

from hypothesis import given
from tests.samples import graphs_other
from tests.samples.graphs_build import graph_def, tf_node
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.paddle import READER

PLAIN = graphs_other._paddle("matmul_v2")


def test_facts_and_parts() -> None:
    reading = read(READER, PLAIN, b"inference.pdmodel")
    assert recognized(READER, PLAIN)
    assert facts(reading)["nodes"] == 1
    assert [part.relative_path for part in reading.parts_wanted] == ["inference.pdiparams"]
    assert not reading.observations


def test_python_operators() -> None:
    assert kinds(read(READER, graphs_other._paddle("py_func"))) == {"GraphOperator"}


def test_other_protobuf() -> None:
    assert not recognized(READER, graph_def(tf_node("MatMul")))


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
