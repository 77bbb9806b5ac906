"""MXNet parameters."""

import struct

from tests.samples.graphs_rare import mxnet_params as params
from tests.samples.graphs_reading import facts, kinds, read, recognized

from weighbridge.formats.mxnet_params import READER


def test_count() -> None:
    assert recognized(READER, params(2))
    assert facts(read(READER, params(2)))["tensors"] == 2
    assert not kinds(read(READER, params(2)))
    assert kinds(read(READER, params(1 << 50))) == {"Malformed"}


def test_other_files() -> None:
    assert not recognized(READER, struct.pack("<QQQI", 0x112, 0, 1, 7) + bytes(20))
