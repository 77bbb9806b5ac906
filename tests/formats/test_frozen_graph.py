"""Frozen graphs."""

from hypothesis import given
from tests.samples.graphs_build import graph_def, ranged, tf_node
from tests.samples.graphs_reading import damaged, kinds, read, recognized, survives

from weighbridge.formats.frozen_graph import READER

PLAIN = graph_def(tf_node("Placeholder"), tf_node("MatMul"))


def test_plain_and_foreign() -> None:
    assert recognized(READER, PLAIN)
    assert not kinds(read(READER, PLAIN))
    assert kinds(read(READER, graph_def(tf_node("MatMul"), tf_node("EvilOp")))) == {"GraphOperator"}


def test_other_protobuf() -> None:
    pairs = ranged(1, ranged(1, "key") + ranged(2, "value")) * 3
    assert not recognized(READER, pairs)
    assert not recognized(READER, b"\n\x05hello")


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
