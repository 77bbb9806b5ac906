"""Flax weights, written with a MessagePack library."""

import msgspec
import numpy
from hypothesis import given
from tests.samples.graphs_reading import CountedSource, damaged, facts, kinds, read, recognized, survives

from weighbridge.formats.flax_msgpack import READER
from weighbridge.model.budget import Budget


def array(*shape: int) -> msgspec.msgpack.Ext:
    content = numpy.zeros(shape, "f4").tobytes()
    return msgspec.msgpack.Ext(1, msgspec.msgpack.encode((shape, "float32", content)))


PLAIN = msgspec.msgpack.encode({"params": {"Dense_0": {"kernel": array(8, 4), "bias": array(4)}}, "step": 7})


def test_facts() -> None:
    reading = read(READER, PLAIN)
    assert recognized(READER, PLAIN)
    assert facts(reading)["parameters"] == 36
    assert facts(reading)["quantization"] == "F32"
    assert not reading.observations


def test_arrays_are_not_read() -> None:
    source = CountedSource(msgspec.msgpack.encode({"params": {"k": array(1000, 1000)}}))
    assert facts(READER.read(source, Budget()))["parameters"] == 1_000_000
    assert source.asked < 2000


def test_other_files() -> None:
    assert not recognized(READER, msgspec.msgpack.encode({"name": "value", "list": list(range(50))}))
    assert kinds(read(READER, PLAIN[:-10])) == {"Malformed"}


@given(damaged([PLAIN]))
def test_damaged_files(content: bytes) -> None:
    survives(READER, content)
