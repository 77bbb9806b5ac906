"""MXNet graphs."""

from hypothesis import given
from tests.samples.graphs_rare import mxnet_symbol as symbol
from tests.samples.graphs_reading import damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.mxnet_symbol import READER


def test_plain_and_custom() -> None:
    assert recognized(READER, symbol("Convolution"))
    assert facts(read(READER, symbol("Convolution")))["nodes"] == 2
    assert not kinds(read(READER, symbol("Convolution")))
    assert kinds(read(READER, symbol("Custom"))) == {"GraphOperator"}


def test_other_json() -> None:
    assert not recognized(READER, b'{"nodes": [], "op": 1, "inputs": []}')


@given(damaged([symbol("Custom")]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
