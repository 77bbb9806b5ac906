"""Primitive values of R's serialization."""

import struct

import pytest

from weighbridge.formats.gathering import StructureError
from weighbridge.formats.r_stream import BinaryStream, TextStream
from weighbridge.model.source import BytesSource


def test_binary() -> None:
    for order in "><":
        stream = BinaryStream(BytesSource(struct.pack(order + "i", -7) + b"abcdef"), 0, order)
        assert stream.integer() == -7
        assert stream.text(3) == b"abc"
        stream.skip(3, 1)
        with pytest.raises(StructureError):
            stream.integer()


def test_skipping_beyond_the_end_is_noticed() -> None:
    with pytest.raises(StructureError):
        BinaryStream(BytesSource(bytes(100)), 0).skip(1 << 60, 8)


def test_text() -> None:
    stream = TextStream(BytesSource(b"12\nNA\na\\040b\\n\n1\n2\n3\n"), 0)
    assert [stream.integer(), stream.integer()] == [12, -(1 << 31)]
    assert stream.text(5) == b"a b\n"
    stream.skip(2, 8)
    assert stream.integer() == 3
    with pytest.raises(StructureError):
        stream.integer()


def test_text_that_is_no_number() -> None:
    with pytest.raises(StructureError):
        TextStream(BytesSource(b"one\n"), 0).integer()
